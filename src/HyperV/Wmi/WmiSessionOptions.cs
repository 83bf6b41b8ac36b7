namespace HostAgent.HyperV.Wmi;

/// <summary>Settings of a WMI session.</summary>
public sealed record WmiSessionOptions
{
    /// <summary>The host; <c>.</c> is the local one. Default: local.</summary>
    public string Server { get; init; } = ".";

    /// <summary>The way to WMI. Default: System.Management.</summary>
    public WmiLibrary Library { get; init; }

    /// <summary>Timeout of a call, 1 second to 10 minutes. Default: 30 seconds.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum concurrent calls, 1 to 32; further calls wait, within their timeout. Default: 4.</summary>
    public int MaxConcurrentCalls { get; init; } = 4;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Server);
        if (CallTimeout < TimeSpan.FromSeconds(1) || CallTimeout > TimeSpan.FromMinutes(10))
        {
            throw new ArgumentOutOfRangeException(nameof(CallTimeout), CallTimeout, "CallTimeout must be 1 second to 10 minutes.");
        }

        if (MaxConcurrentCalls is < 1 or > 32)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxConcurrentCalls), MaxConcurrentCalls, "MaxConcurrentCalls must be 1 to 32.");
        }
    }
}

/// <summary>The ways to WMI. Both do the same.</summary>
public enum WmiLibrary
{
    /// <summary>The package System.Management, which needs a library of the .NET Framework on the host.</summary>
    SystemManagement,

    /// <summary>Windows' own Management Infrastructure, mi.dll.</summary>
    ManagementInfrastructure,
}
