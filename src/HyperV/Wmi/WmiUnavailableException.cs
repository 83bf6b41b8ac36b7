namespace HostAgent.HyperV.Wmi;

/// <summary>There is no Hyper-V to talk to. The message is one sentence for an operator: what is missing and what to do.</summary>
public sealed class WmiUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The sentence.</param>
    /// <param name="innerException">The refusal as it came, where there is one.</param>
    public WmiUnavailableException(WmiUnavailableReason reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why.</summary>
    public WmiUnavailableReason Reason { get; }
}
