// A relying party on coreos/go-oidc and golang.org/x/oauth2, as their documentation shows: discovery, PKCE, state and nonce.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"log"
	"net/http"
	"net/url"
	"os"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// What a browser's session holds, while a person signs in and afterwards.
type session struct {
	state, nonce, verifier string
	token                  *oauth2.Token
	idToken                string
}

type relyingParty struct {
	home       string
	config     oauth2.Config
	provider   *oidc.Provider
	verifier   *oidc.IDTokenVerifier
	endSession string
	mutex      sync.Mutex
	sessions   map[string]*session
}

func main() {
	home := fmt.Sprintf("http://localhost:%s/", os.Getenv("PORT"))
	provider, err := oidc.NewProvider(context.Background(), os.Getenv("ISSUER"))
	if err != nil {
		log.Fatal(err)
	}
	var metadata struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&metadata); err != nil {
		log.Fatal(err)
	}
	clientID := os.Getenv("CLIENT_ID")
	party := &relyingParty{
		home: home,
		config: oauth2.Config{
			ClientID:     clientID,
			ClientSecret: os.Getenv("CLIENT_SECRET"),
			Endpoint:     provider.Endpoint(),
			RedirectURL:  home + "callback",
			Scopes:       []string{oidc.ScopeOpenID, "profile", "email", oidc.ScopeOfflineAccess},
		},
		provider:   provider,
		verifier:   provider.Verifier(&oidc.Config{ClientID: clientID}),
		endSession: metadata.EndSession,
		sessions:   map[string]*session{},
	}
	http.HandleFunc("/login", party.handle(party.login))
	http.HandleFunc("/callback", party.handle(party.callback))
	http.HandleFunc("/refresh", party.handle(party.refresh))
	http.HandleFunc("/userinfo", party.handle(party.userinfo))
	http.HandleFunc("/logout", party.handle(party.logout))
	http.HandleFunc("/signed-out", party.handle(party.signedOut))
	fmt.Println("ready")
	log.Fatal(http.ListenAndServe("localhost:"+os.Getenv("PORT"), nil))
}

// An answer is a page or a place to go to.
type handler func(*http.Request, *session) (page string, location string, err error)

func (party *relyingParty) handle(answer handler) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		held := party.sessionOf(response, request)
		page, location, err := answer(request, held)
		response.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch {
		case err != nil:
			response.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(response, `<h1>Failed</h1><pre id="error">%s</pre>`, html.EscapeString(err.Error()))
		case location != "":
			http.Redirect(response, request, location, http.StatusSeeOther)
		default:
			fmt.Fprint(response, page)
		}
	}
}

func (party *relyingParty) sessionOf(response http.ResponseWriter, request *http.Request) *session {
	party.mutex.Lock()
	defer party.mutex.Unlock()
	if cookie, err := request.Cookie("relying_party"); err == nil {
		if held, found := party.sessions[cookie.Value]; found {
			return held
		}
	}
	id := rand.Text()
	http.SetCookie(response, &http.Cookie{Name: "relying_party", Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	party.sessions[id] = &session{}
	return party.sessions[id]
}

func (party *relyingParty) login(_ *http.Request, held *session) (string, string, error) {
	held.state, held.nonce, held.verifier = rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	return "", party.config.AuthCodeURL(held.state, oidc.Nonce(held.nonce), oauth2.S256ChallengeOption(held.verifier)), nil
}

func (party *relyingParty) callback(request *http.Request, held *session) (string, string, error) {
	query := request.URL.Query()
	if query.Get("error") != "" {
		return "", "", errors.New(query.Get("error"))
	}
	if held.state == "" || query.Get("state") != held.state {
		return "", "", errors.New("another state")
	}
	token, err := party.config.Exchange(request.Context(), query.Get("code"), oauth2.VerifierOption(held.verifier))
	if err != nil {
		return "", "", err
	}
	claims, err := party.keep(request.Context(), held, token)
	if err != nil {
		return "", "", err
	}
	if claims["nonce"] != held.nonce {
		return "", "", errors.New("another nonce")
	}
	return page("Signed in", claims), "", nil
}

func (party *relyingParty) refresh(request *http.Request, held *session) (string, string, error) {
	if held.token == nil {
		return "", "", errors.New("nobody is signed in")
	}
	expired := &oauth2.Token{RefreshToken: held.token.RefreshToken}
	token, err := party.config.TokenSource(request.Context(), expired).Token()
	if err != nil {
		return "", "", err
	}
	claims, err := party.keep(request.Context(), held, token)
	if err != nil {
		return "", "", err
	}
	return page("Refreshed", claims), "", nil
}

// keep verifies the ID token that came with the tokens, and holds on to them.
func (party *relyingParty) keep(ctx context.Context, held *session, token *oauth2.Token) (map[string]any, error) {
	raw, found := token.Extra("id_token").(string)
	if !found {
		return nil, errors.New("there is no ID token")
	}
	verified, err := party.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if verified.AccessTokenHash != "" {
		if err := verified.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, err
		}
	}
	claims := map[string]any{}
	if err := verified.Claims(&claims); err != nil {
		return nil, err
	}
	held.token, held.idToken = token, raw
	return claims, nil
}

func (party *relyingParty) userinfo(request *http.Request, held *session) (string, string, error) {
	info, err := party.provider.UserInfo(request.Context(), oauth2.StaticTokenSource(held.token))
	if err != nil {
		return "", "", err
	}
	claims := map[string]any{}
	if err := info.Claims(&claims); err != nil {
		return "", "", err
	}
	return page("Userinfo", claims), "", nil
}

func (party *relyingParty) logout(_ *http.Request, held *session) (string, string, error) {
	parameters := url.Values{"id_token_hint": {held.idToken}, "post_logout_redirect_uri": {party.home + "signed-out"}}
	return "", party.endSession + "?" + parameters.Encode(), nil
}

func (party *relyingParty) signedOut(_ *http.Request, held *session) (string, string, error) {
	*held = session{}
	return page("Signed out", nil), "", nil
}

func page(heading string, claims map[string]any) string {
	shown := ""
	if claims != nil {
		text, _ := json.Marshal(claims)
		shown = fmt.Sprintf(`<pre id="claims">%s</pre>`, html.EscapeString(string(text)))
	}
	return fmt.Sprintf(`<!doctype html><html lang="en"><title>%[1]s</title><h1>%[1]s</h1>%[2]s</html>`, html.EscapeString(heading), shown)
}
