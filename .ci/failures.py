"""Prints each failed test of the result files below a folder: how often, its name, and the beginning of its message."""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
SHOWN = 40
MESSAGE = 700
LINES = 6

failures = Counter()
messages = {}
for file in sorted(Path(sys.argv[1]).rglob("*.trx")):
    try:
        results = list(ElementTree.parse(file).iter(NAMESPACE + "UnitTestResult"))
    except ElementTree.ParseError as problem:
        print(f"{file}: not readable: {problem}")
        continue
    for result in results:
        if result.get("outcome") == "Failed":
            name = result.get("testName", "?").encode("unicode_escape").decode()
            failures[name] += 1
            message = result.findtext(f".//{NAMESPACE}ErrorInfo/{NAMESPACE}Message", default="no message")
            messages.setdefault(name, message)
for name, count in failures.most_common(SHOWN):
    print(f"FAILED {count} x: {name}")
    for line in messages[name][:MESSAGE].splitlines()[:LINES]:
        print(f"    {line.encode('unicode_escape').decode()}")
