using System.Management;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// Maps exceptions from WMI. System.Management throws a ManagementException for WMI's own codes; for all others the runtime chooses
/// the type, so the same cause can appear as COMException, UnauthorizedAccessException, InvalidCastException, OutOfMemoryException and
/// more. A status that it does not know (a query that ends with partial results) makes it throw an exception of its own.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WmiFailures
{
    private const uint FacilityMask = 0xFFFFF000;
    private const uint RuntimeFacility = 0x80131000;
    private const uint SeverityError = 0x80000000;
    private const uint ComAccessDenied = 0x80070005;

    /// <summary>Whether an exception comes from WMI and is not already mapped.</summary>
    public static bool IsKnown(Exception exception) => exception is not (CimException or CimDataException or OperationCanceledException);

    public static CimException Map(string call, Exception exception)
    {
        var code = CodeOf(exception);
        return new CimException(code, $"{call} failed with 0x{code:X8}: {exception.Message.Trim()}", exception);
    }

    /// <summary>Whether a wait for an event timed out.</summary>
    public static bool IsTimeout(ManagementException exception) => exception.ErrorCode is ManagementStatus.Timedout;

    private static uint CodeOf(Exception exception)
    {
        var code = exception is ManagementException management ? unchecked((uint)management.ErrorCode) : unchecked((uint)exception.HResult);
        return code switch
        {
            ComAccessDenied => CimErrorCode.AccessDenied, // denied by COM, before WMI
            (uint)ManagementStatus.Timedout => CimErrorCode.TimedOut,
            // A success code on a failed call, or an exception of the runtime itself, which has no WMI code.
            _ when (code & SeverityError) == 0 || (code & FacilityMask) == RuntimeFacility => CimErrorCode.Failed,
            _ => code,
        };
    }
}
