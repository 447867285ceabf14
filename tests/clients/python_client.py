"""Makes a client of the description that a running server gives and has it make the documented PUT.

Prints what the client was answered. The server and the request are in SERVER, TOKEN, USER_ID and
EXTENSION; see make.mjs, which does the same with the generators of npm.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

server = os.environ["SERVER"]
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    with urllib.request.urlopen(f"{server}/openapi.json") as description:
        (folder / "openapi.json").write_bytes(description.read())
    (folder / "config.yml").write_text("post_hooks: []\n")
    subprocess.run([pathlib.Path(sys.executable).parent / "openapi-python-client", "generate", "--path",
                    "openapi.json", "--output-path", "made", "--config", "config.yml", "--fail-on-warning"],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)
    sys.path.insert(0, str(folder / "made"))
    package = next(path.name for path in (folder / "made").iterdir() if (path / "client.py").exists())
    made = __import__(f"{package}.client", fromlist=["AuthenticatedClient"])
    models = __import__(f"{package}.models", fromlist=["UpdateRcExtension"])
    put = next((folder / "made" / package / "api").rglob("update_rc_extension.py"))
    route = __import__(f"{package}.api.{put.parent.name}.update_rc_extension", fromlist=["sync_detailed"])
    body = models.UpdateRcExtension.from_dict(
        {"payload": {"userId": os.environ["USER_ID"], "rcExtension": os.environ["EXTENSION"]}})
    client = made.AuthenticatedClient(base_url=server, token=os.environ["TOKEN"])
    answer = route.sync_detailed(client=client, body=body)
    told = {"status": answer.status_code, "body": answer.parsed.to_dict()}
    print(json.dumps(told, separators=(",", ":")))
