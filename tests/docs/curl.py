#!/usr/bin/env python3
"""As much of curl as the README uses, for machines without it."""

import argparse
import urllib.error
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("-s", action="store_true")
parser.add_argument("-X", dest="method")
parser.add_argument("-H", dest="headers", action="append", default=[])
parser.add_argument("-d", dest="body")
given = parser.parse_args()

url = given.url if "://" in given.url else f"http://{given.url}"
body = given.body.encode() if given.body is not None else None
request = urllib.request.Request(url, data=body, method=given.method)
for header in given.headers:
    name, _, value = header.partition(":")
    request.add_header(name, value.strip())
try:
    with urllib.request.urlopen(request, timeout=20) as answer:
        print(answer.read().decode(), end="")
except urllib.error.HTTPError as refusal:
    print(refusal.read().decode(), end="")
