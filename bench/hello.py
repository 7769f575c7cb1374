"""The least a Flask page can cost: what ours is compared with."""

from flask import Flask

app = Flask(__name__, static_folder=None)


@app.get("/<path:anything>")
def hello(anything):
    return "Bonjour"
