using System.Management;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// The connection to a host's namespace: made when a call needs it, and made anew after a failure that may have been its own. Safe for
/// several threads: two calls may both connect, and either connection serves.
/// </summary>
/// <param name="options">The host, and how long anything may take.</param>
/// <param name="namespaceName">The namespace.</param>
[SupportedOSPlatform("windows")]
internal sealed class WmiConnection(WmiSessionOptions options, string namespaceName)
{
    private volatile ManagementScope? _scope;

    public string Namespace => namespaceName;

    /// <summary>The connected namespace. May block, and fail as any call.</summary>
    public ManagementScope Open()
    {
        if (_scope is { IsConnected: true } connected)
        {
            return connected;
        }

        var scope = new ManagementScope(
            new ManagementPath($@"\\{options.Server}\{namespaceName}"),
            new ConnectionOptions
            {
                Impersonation = ImpersonationLevel.Impersonate,
                Authentication = AuthenticationLevel.PacketPrivacy,
                EnablePrivileges = true,
                Timeout = options.CallTimeout,
            });
        scope.Connect();
        _scope = scope;
        return scope;
    }

    /// <summary>Makes the next call connect anew where this failure may be the connection's own.</summary>
    public void Doubt(CimException failure)
    {
        if (WmiFailures.BreaksConnection(failure.ErrorCode))
        {
            Forget();
        }
    }

    public void Forget() => _scope = null;

    /// <summary>The path with this host and namespace where it names none.</summary>
    public CimObjectPath Absolute(CimObjectPath path)
        => new(path.ClassName, path.Keys, path.Namespace ?? namespaceName, path.Server ?? options.Server);

    /// <summary>The instance at a path, not read yet.</summary>
    public ManagementObject Instance(ManagementScope scope, CimObjectPath path)
        => new(scope, new ManagementPath(Absolute(path).ToString()), new ObjectGetOptions(null, options.CallTimeout, false));

    /// <summary>The class at a path, not read yet: what a method is called on that needs no instance.</summary>
    public ManagementClass Class(ManagementScope scope, CimObjectPath path)
        => new(scope, new ManagementPath(Absolute(path).ToString()), new ObjectGetOptions(null, options.CallTimeout, false));
}
