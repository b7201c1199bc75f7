"""A relying party on Flask and Authlib, as Authlib's documentation shows: discovery, PKCE and nonce, the secret by Basic."""

import html
import json
import logging
import os
import secrets
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session

HOME = f"http://localhost:{os.environ['PORT']}/"

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
app.config.update(SESSION_COOKIE_NAME="relying_party", SESSION_COOKIE_SAMESITE="Lax")
logging.getLogger("werkzeug").setLevel(logging.ERROR)

oauth = OAuth(app)
signet = oauth.register(
    "signet",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=os.environ["ISSUER"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email offline_access", "code_challenge_method": "S256"},
)

# Tokens are too large for a cookie.
TOKENS = {}


def page(heading, claims=None):
    shown = "" if claims is None else f'<pre id="claims">{html.escape(json.dumps(claims))}</pre>'
    return f'<!doctype html><html lang="en"><title>{heading}</title><h1>{heading}</h1>{shown}</html>'


@app.get("/login")
def login():
    return signet.authorize_redirect(HOME + "callback")


@app.get("/callback")
def callback():
    token = signet.authorize_access_token()
    session["id"] = secrets.token_urlsafe(16)
    TOKENS[session["id"]] = token
    return page("Signed in", dict(token["userinfo"]))


@app.get("/refresh")
def refresh():
    held = TOKENS[session["id"]]
    client = signet._get_oauth_client(**signet.load_server_metadata())
    token = client.refresh_token(client.metadata["token_endpoint"], refresh_token=held["refresh_token"])
    claims = signet.parse_id_token(token, nonce=None)
    TOKENS[session["id"]] = {**held, **token}
    return page("Refreshed", dict(claims))


@app.get("/userinfo")
def userinfo():
    return page("Userinfo", dict(signet.userinfo(token=TOKENS[session["id"]])))


@app.get("/logout")
def logout():
    endpoint = signet.load_server_metadata()["end_session_endpoint"]
    hint = TOKENS[session["id"]]["id_token"]
    return redirect(f"{endpoint}?{urlencode({'id_token_hint': hint, 'post_logout_redirect_uri': HOME + 'signed-out'})}")


@app.get("/signed-out")
def signed_out():
    TOKENS.pop(session.pop("id", ""), None)
    return page("Signed out")


@app.errorhandler(OAuthError)
def failed(error):
    return f'<h1>Failed</h1><pre id="error">{html.escape(str(error))}</pre>', 400


if __name__ == "__main__":
    from werkzeug.serving import make_server

    server = make_server("localhost", int(os.environ["PORT"]), app, threaded=True)
    print("ready", flush=True)
    server.serve_forever()
