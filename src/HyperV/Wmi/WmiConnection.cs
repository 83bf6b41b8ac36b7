using System.Management;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// The connection to a host's namespace: opened when a call needs it, and reopened after a failure that may be the connection's.
/// Thread-safe: two calls may both connect, and either connection works.
/// </summary>
/// <param name="options">The host and the timeouts.</param>
/// <param name="namespaceName">The namespace.</param>
[SupportedOSPlatform("windows")]
internal sealed class WmiConnection(WmiSessionOptions options, string namespaceName)
{
    private volatile ManagementScope? _scope;

    public string Namespace => namespaceName;

    /// <summary>The connected namespace. May block, and can fail like any call.</summary>
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

    /// <summary>Makes the next call reconnect if this failure may be the connection's.</summary>
    public void Suspect(CimException failure)
    {
        if (CimErrorCode.MayBreakConnection(failure.ErrorCode))
        {
            Forget();
        }
    }

    public void Forget() => _scope = null;

    /// <summary>Adds this host and namespace to a path that has none.</summary>
    public CimObjectPath Absolute(CimObjectPath path)
        => new(path.ClassName, path.Keys, path.Namespace ?? namespaceName, path.Server ?? options.Server);

    /// <summary>The instance at a path; not read yet.</summary>
    public ManagementObject Instance(ManagementScope scope, CimObjectPath path)
        => new(scope, new ManagementPath(Absolute(path).ToString()), new ObjectGetOptions(null, options.CallTimeout, false));

    /// <summary>The class at a path; not read yet. Used for methods that need no instance.</summary>
    public ManagementClass Class(ManagementScope scope, CimObjectPath path)
        => new(scope, new ManagementPath(Absolute(path).ToString()), new ObjectGetOptions(null, options.CallTimeout, false));
}
