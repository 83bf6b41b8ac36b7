namespace HostAgent.HyperV.Wmi;

/// <summary>How a WMI session behaves.</summary>
public sealed record WmiSessionOptions
{
    /// <summary>The host; <c>.</c> is this one. Default: this one.</summary>
    public string Server { get; init; } = ".";

    /// <summary>The longest that any call may take, 1 second to 10 minutes. Default: 30 seconds.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls may be under way at once, 1 to 32; more wait, within their deadline. Default: 4.</summary>
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
