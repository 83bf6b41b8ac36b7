namespace HostAgent.Transport.Errors;

/// <summary>Whether a call has reached its service. What fails before did so while the request was read, and is the caller's error.</summary>
internal sealed class CallHandling
{
    private static readonly AsyncLocal<CallHandling?> Local = new();

    /// <summary>The current call; null outside of calls.</summary>
    public static CallHandling? Current
    {
        get => Local.Value;
        set => Local.Value = value;
    }

    public bool Reached { get; set; }
}
