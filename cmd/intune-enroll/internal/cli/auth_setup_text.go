package cli

import (
	"fmt"
	"strings"

	"github.com/intune-enroll/intune-enroll/pkg/directory"
)

// setupTools are the ways that auth setup shows.
func setupTools() []string { return []string{"az", "powershell", "terraform", "portal"} }

func setupText(tool string, app directory.App) string {
	switch tool {
	case "az":
		return azText(app)
	case "powershell":
		return powershellText(app)
	case "terraform":
		return terraformText(app)
	default:
		return portalText(app)
	}
}

// azText looks first whether there is an app of that name: az would change it
// (an issue of the Azure CLI, 30427), and consent to permissions of it.
func azText(app directory.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, `set -eu
[ -z "$(az ad app list --filter "displayName eq '%[1]s'" --query '[].appId' -o tsv)" ] || { echo "there is an app registration of that name" >&2; exit 1; }
app=$(az ad app create --display-name '%[1]s' --sign-in-audience AzureADMyOrg --query appId -o tsv)
az ad sp create --id "$app"
for name in %[2]s; do
  role=$(az ad sp show --id %[3]s --query "appRoles[?value=='$name'].id | [0]" -o tsv)
  [ -n "$role" ] || { echo "$name is not known in this tenant" >&2; exit 1; }
  az ad app permission add --id "$app" --api %[3]s --api-permissions "$role=Role"
done
`, app.Name, strings.Join(app.Permissions, " "), directory.GraphApp)
	if fed := app.Federation; fed != nil {
		fmt.Fprintf(&b, `az ad app federated-credential create --id "$app" --parameters '{"name":"%s","issuer":"%s","subject":"%s","audiences":["%s"]}'
`, fed.Name, fed.Issuer, fed.Subject, fed.Audiences[0])
	}
	b.WriteString(`echo "client id: $app"
az ad app permission admin-consent --id "$app"
`)
	return b.String()
}

func powershellText(app directory.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, `$ErrorActionPreference = 'Stop'
Connect-MgGraph -Scopes 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'
if (Get-MgApplication -Filter "displayName eq '%[1]s'") { throw 'there is an app registration of that name' }
$graph = Get-MgServicePrincipal -Filter "appId eq '%[2]s'"
$names = '%[3]s'
$roles = $graph.AppRoles | Where-Object { $_.Value -in $names }
if ($roles.Count -ne $names.Count) { throw 'a permission is not known in this tenant' }
$access = @{ ResourceAppId = $graph.AppId; ResourceAccess = @($roles | ForEach-Object { @{ Id = $_.Id; Type = 'Role' } }) }
$app = New-MgApplication -DisplayName '%[1]s' -SignInAudience AzureADMyOrg -RequiredResourceAccess $access
$sp = New-MgServicePrincipal -AppId $app.AppId
foreach ($role in $roles) {
  New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $sp.Id -PrincipalId $sp.Id -ResourceId $graph.Id -AppRoleId $role.Id
}
`, app.Name, directory.GraphApp, strings.Join(app.Permissions, "', '"))
	if fed := app.Federation; fed != nil {
		fmt.Fprintf(&b, `New-MgApplicationFederatedIdentityCredential -ApplicationId $app.Id -BodyParameter @{
  Name = '%s'; Issuer = '%s'; Subject = '%s'; Audiences = @('%s')
}
`, fed.Name, fed.Issuer, fed.Subject, fed.Audiences[0])
	}
	b.WriteString("\"client id: $($app.AppId)\"\n")
	return b.String()
}

func terraformText(app directory.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, `locals {
  permissions = ["%s"]
}

data "azuread_service_principal" "graph" {
  client_id = "%s"
}

resource "azuread_application" "intune_enroll" {
  display_name            = "%s"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true

  required_resource_access {
    resource_app_id = data.azuread_service_principal.graph.client_id

    dynamic "resource_access" {
      for_each = local.permissions
      content {
        id   = data.azuread_service_principal.graph.app_role_ids[resource_access.value]
        type = "Role"
      }
    }
  }
}

resource "azuread_service_principal" "intune_enroll" {
  client_id = azuread_application.intune_enroll.client_id
}

resource "azuread_app_role_assignment" "intune_enroll" {
  for_each            = toset(local.permissions)
  app_role_id         = data.azuread_service_principal.graph.app_role_ids[each.value]
  principal_object_id = azuread_service_principal.intune_enroll.object_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}
`, strings.Join(app.Permissions, `", "`), directory.GraphApp, app.Name)
	if fed := app.Federation; fed != nil {
		fmt.Fprintf(&b, `
resource "azuread_application_federated_identity_credential" "intune_enroll" {
  application_id = azuread_application.intune_enroll.id
  display_name   = "%s"
  issuer         = "%s"
  subject        = "%s"
  audiences      = ["%s"]
}
`, fed.Name, fed.Issuer, fed.Subject, fed.Audiences[0])
	}
	b.WriteString(`
output "client_id" {
  value = azuread_application.intune_enroll.client_id
}
`)
	return b.String()
}

func portalText(app directory.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, `1. Entra admin center > App registrations > New registration: name %s, accounts in this organizational directory only, no redirect address.
2. API permissions > Add a permission > Microsoft Graph > Application permissions:
   %s
   For a sign-in of a person (device-code, browser) take the Delegated permissions of the same names; then also Authentication > Advanced settings > Allow public client flows: Yes.
3. Remove User.Read, and choose Grant admin consent.
`, app.Name, strings.Join(app.Permissions, "\n   "))
	if fed := app.Federation; fed != nil {
		fmt.Fprintf(&b, `4. Certificates & secrets > Federated credentials > Add credential > Other issuer: issuer %s, type Explicit subject identifier, value %s, name %s, audience %s.
`, fed.Issuer, fed.Subject, fed.Name, fed.Audiences[0])
	} else {
		b.WriteString("4. Certificates & secrets > Certificates > Upload certificate. A client secret works too, and runs out.\n")
	}
	b.WriteString("5. Overview: copy Application (client) ID and Directory (tenant) ID.\n")
	return b.String()
}
