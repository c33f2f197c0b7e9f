package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// byGitHub exchanges the identity of a GitHub Actions job. Assertions live for
// minutes, so each token request fetches a fresh one (GitHub docs page on
// OpenID Connect; the two variables need permission id-token: write).
func (m maker) byGitHub() (azcore.TokenCredential, error) {
	address, bearer := os.Getenv("ACTIONS_ID_TOKEN_REQUEST_URL"), os.Getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
	if err := need(m.tenant(), m.client(),
		setting{"ACTIONS_ID_TOKEN_REQUEST_URL", address, "the job permission id-token: write"},
		setting{"ACTIONS_ID_TOKEN_REQUEST_TOKEN", bearer, "the job permission id-token: write"}); err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !loopback(u) {
		return nil, errors.New("ACTIONS_ID_TOKEN_REQUEST_URL is not an https address")
	}
	q := u.Query()
	q.Set("audience", m.cloud.Audience())
	u.RawQuery = q.Encode()
	return azidentity.NewClientAssertionCredential(m.Tenant, m.ClientID, func(ctx context.Context) (string, error) {
		assertion, err := gitHubAssertion(ctx, m.options.Transport, u.String(), bearer)
		if seen, ok := ctx.Value(sightingKey{}).(*sighting); ok && err != nil {
			seen.note(err)
		}
		return assertion, err
	}, &azidentity.ClientAssertionCredentialOptions{ClientOptions: m.options, DisableInstanceDiscovery: m.offline})
}

// gitHubAssertion asks GitHub for the job's identity. Its errors quote nothing
// of the answer.
func gitHubAssertion(ctx context.Context, client policy.Transporter, address, bearer string) (string, error) {
	refused := func(what string) error {
		return &SignInError{What: what, Next: "check that the job has: permissions: id-token: write"}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", refused("GitHub's address for identity tokens is malformed")
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	r.Header.Set("Accept", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		return "", fmt.Errorf("ask GitHub for an identity token: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read, or is of no use
	if resp.StatusCode != http.StatusOK {
		return "", refused(fmt.Sprintf("GitHub answered %d to the request for an identity token", resp.StatusCode))
	}
	var answer struct {
		Value string `json:"value"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxErrorBody)).Decode(&answer); err != nil || answer.Value == "" {
		return "", refused("GitHub's answer holds no identity token")
	}
	return answer.Value, nil
}

// Audience is what a federated assertion is made for (Microsoft docs page on
// workload identity federation in national clouds).
func (c Cloud) Audience() string {
	switch c.Name {
	case "gcc-high", "dod":
		return "api://AzureADTokenExchangeUSGov"
	case "china":
		return "api://AzureADTokenExchangeChina"
	}
	return "api://AzureADTokenExchange"
}

// byPipelines exchanges the identity of an Azure Pipelines service connection
// (Microsoft docs page on AzurePipelinesCredential). Tenant and client default
// to those of the connection the task names.
func (m maker) byPipelines() (azcore.TokenCredential, error) {
	if m.Tenant == "" {
		m.Tenant = os.Getenv("AZURESUBSCRIPTION_TENANT_ID")
	}
	if m.ClientID == "" {
		m.ClientID = os.Getenv("AZURESUBSCRIPTION_CLIENT_ID")
	}
	connection, token := os.Getenv("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"), os.Getenv("SYSTEM_ACCESSTOKEN")
	const task = "an AzureCLI@2 or AzurePowerShell@5 task with the service connection"
	if err := need(m.tenant(), m.client(),
		setting{"AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", connection, task},
		setting{"SYSTEM_ACCESSTOKEN", token, "env: SYSTEM_ACCESSTOKEN: $(System.AccessToken) in the step"},
		setting{"SYSTEM_OIDCREQUESTURI", os.Getenv("SYSTEM_OIDCREQUESTURI"), "a job of Azure Pipelines"}); err != nil {
		return nil, err
	}
	return azidentity.NewAzurePipelinesCredential(m.Tenant, m.ClientID, connection, token,
		&azidentity.AzurePipelinesCredentialOptions{ClientOptions: m.options, DisableInstanceDiscovery: m.offline})
}
