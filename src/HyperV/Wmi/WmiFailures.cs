using System.Management;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// Maps what WMI throws. System.Management throws a ManagementException for WMI's own codes and lets the runtime choose for all others,
/// so that one cause comes as COMException, UnauthorizedAccessException, InvalidCastException, OutOfMemoryException and more; over a
/// status that it does not know (a query that ends with partial results) it falls with an exception of its own.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WmiFailures
{
    private const uint FacilityMask = 0xFFFFF000;
    private const uint WmiFacility = 0x80041000;
    private const uint RuntimeFacility = 0x80131000;
    private const uint SeverityError = 0x80000000;
    private const uint ComAccessDenied = 0x80070005;

    /// <summary>Whether an exception out of a call is WMI's, and not one that already says what happened.</summary>
    public static bool IsKnown(Exception exception) => exception is not (CimException or CimDataException or OperationCanceledException);

    public static CimException Map(string call, Exception exception)
    {
        var code = CodeOf(exception);
        return new CimException(code, $"{call} failed with 0x{code:X8}: {exception.Message.Trim()}", exception);
    }

    /// <summary>Whether a wait for an event has ended without one.</summary>
    public static bool IsTimeout(ManagementException exception) => exception.ErrorCode is ManagementStatus.Timedout;

    /// <summary>
    /// Whether the connection may be dead, so that the next call must make a new one: unless WMI itself has answered, and not that it ends.
    /// </summary>
    public static bool BreaksConnection(uint code) => (code & FacilityMask) != WmiFacility
        || code is CimErrorCode.TransportFailure or CimErrorCode.ShuttingDown;

    private static uint CodeOf(Exception exception)
    {
        var code = exception is ManagementException management ? unchecked((uint)management.ErrorCode) : unchecked((uint)exception.HResult);
        return code switch
        {
            ComAccessDenied => CimErrorCode.AccessDenied, // refused by COM before WMI could refuse it
            (uint)ManagementStatus.Timedout => CimErrorCode.TimedOut,
            // A success that is none, or an exception of the runtime's own, which has no code of WMI's to tell.
            _ when (code & SeverityError) == 0 || (code & FacilityMask) == RuntimeFacility => CimErrorCode.Failed,
            _ => code,
        };
    }
}
