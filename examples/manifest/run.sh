#!/bin/sh
# What ships with a product of five models. --offline and --no-texts, because this example must run anywhere: a text that
# could not be had is named with its address. In earnest, leave both out and add --strict.
set -eu
licscan manifest product --offline --no-texts --name "Harbor Assistant" --output NOTICE
licscan manifest --no-texts --name "Harbor Assistant" --format html --output about.html
