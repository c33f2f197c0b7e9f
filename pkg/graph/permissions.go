package graph

// Permissions that calls of this product need, application and delegated
// alike (Microsoft's permissions reference; per call the docs page of it).
const (
	ServiceConfigRead  = "DeviceManagementServiceConfig.Read.All"
	ServiceConfigWrite = "DeviceManagementServiceConfig.ReadWrite.All"
	AppsRead           = "DeviceManagementApps.Read.All"
	AppsWrite          = "DeviceManagementApps.ReadWrite.All"
	ConfigurationRead  = "DeviceManagementConfiguration.Read.All"
	ConfigurationWrite = "DeviceManagementConfiguration.ReadWrite.All"
	ManagedDevicesRead = "DeviceManagementManagedDevices.Read.All"
	GroupRead          = "Group.Read.All"
	GroupWrite         = "Group.ReadWrite.All"
	DeviceRead         = "Device.Read.All"
	OrganizationRead   = "Organization.Read.All"
	ApplicationRead    = "Application.Read.All"
	ApplicationWrite   = "Application.ReadWrite.All"
	RBACRead           = "DeviceManagementRBAC.Read.All"
)
