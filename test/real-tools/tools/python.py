# Python's urllib, which asks for a corporate proxy in the environment.
import json
import os
import sys
import urllib.request

name = sys.argv[1]
flags = os.environ["UNLEASH_URL"] + "/api/admin/projects/default/features"


def ask(method, url, body=None):
    headers = {"Authorization": os.environ["AUTH_TOKEN"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


if "features" in ask("GET", flags):
    print("listed")
if ask("POST", flags, {"name": name})["name"] == name:
    print("created")
if ask("GET", flags + "/" + name)["name"] == name:
    print("read")
ask("DELETE", flags + "/" + name)
print("archived")
