"""Bills of materials in the formats of others: SPDX 2.3, SPDX 3.0.1, CycloneDX 1.6 and 1.7."""
