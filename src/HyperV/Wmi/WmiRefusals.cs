using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>Turns the refusal of a first call into a sentence for an operator.</summary>
internal static class WmiRefusals
{
    public static WmiUnavailableException Explain(string server, CimException exception)
    {
        var host = server == "." ? "This host" : $"The host {server}";
        return exception.ErrorCode switch
        {
            CimErrorCode.InvalidNamespace => new(
                WmiUnavailableReason.NamespaceMissing,
                $@"{host} has no namespace {HyperVClasses.Namespace}: install the Hyper-V role.", exception),
            CimErrorCode.AccessDenied => new(
                WmiUnavailableReason.AccessDenied,
                $@"{host} refuses access to {HyperVClasses.Namespace}: put the account into the group Hyper-V Administrators and start the process anew.",
                exception),
            CimErrorCode.InvalidClass or CimErrorCode.MethodNotImplemented or CimErrorCode.NotFound => new(
                WmiUnavailableReason.PlatformTooOld,
                $"{host} has no {HyperVClasses.ReplicationService}.InitiateFailback: Windows 8.1 or Windows Server 2012 R2 is the oldest that has.",
                exception),
            _ => new(WmiUnavailableReason.NotReachable, $"{host} does not answer to WMI: {exception.Message}", exception),
        };
    }
}
