"""The commands, each in a module of its own that is imported only when it is called."""

# Name, module, and the line that `licscan --help` shows: click would import every command to ask it.
COMMANDS: dict[str, str] = {
    "audit": "Write the document for legal review: each model, what it asks of you, what is open, who decided what.",
    "check": "Hold every model that code names against licscan.lock and a policy, offline.",
    "collect": "Keep the reports of many repositories as one run, for an audit of them all.",
    "diff": "Show what becomes allowed, forbidden and owed from one license to another.",
    "digests": "Import and export which file of which model has which digest.",
    "header": "Show what weight files say of themselves: format, licenses, bases, imports of pickles.",
    "history": "Show what runs found of a model, and what changed between them.",
    "init": "Write a configuration; with --baseline, adopt a repository as it is.",
    "license": "Say which license a text is, where it differs from that, and what it says.",
    "lock": "Write licscan.lock: what is so about every model that code names.",
    "policy": "List, show and prove policies.",
    "review": "Approve or reject a model, or say which license it is under, and why.",
    "rules": "List, show and test the rules, and make a record of a license text.",
    "scan": "Look at models: their licenses, their openness, what they ask of you.",
    "verify": "Compare the files of models on this disk with what was promised of them.",
    "waive": "Let a finding pass until a day, and write down why and who says so.",
}
