using HostAgent.HyperV.Wmi;

namespace HostAgent.Agent.Configuration;

/// <summary>What the libraries for WMI are called in settings and findings.</summary>
internal static class WmiNames
{
    public const string SystemManagement = "system-management";

    public const string ManagementInfrastructure = "management-infrastructure";

    /// <summary>The name of a library.</summary>
    public static string Of(WmiLibrary library) => library is WmiLibrary.SystemManagement ? SystemManagement : ManagementInfrastructure;

    /// <summary>The library of a name that the settings allow.</summary>
    public static WmiLibrary ToLibrary(string name)
        => name == ManagementInfrastructure ? WmiLibrary.ManagementInfrastructure : WmiLibrary.SystemManagement;
}
