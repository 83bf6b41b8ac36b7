using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Sessions;

/// <summary>Turns the failure of the first call into a message for the operator.</summary>
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
                $@"{host} denies access to {HyperVClasses.Namespace}: add the account to the group Hyper-V Administrators and restart the process.",
                exception),
            CimErrorCode.InvalidClass or CimErrorCode.MethodNotImplemented or CimErrorCode.NotFound => new(
                WmiUnavailableReason.PlatformTooOld,
                $"{host} has no {HyperVClasses.ReplicationService}.InitiateFailback: it requires Windows 8.1 or Windows Server 2012 R2, or later.",
                exception),
            _ => new(WmiUnavailableReason.NotReachable, $"{host} does not answer to WMI: {exception.Message}", exception),
        };
    }
}
