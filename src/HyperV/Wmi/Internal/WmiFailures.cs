using System.Management;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi.Internal;

/// <summary>
/// Maps what WMI throws. Three kinds are seen for one and the same cause: ManagementException from WMI itself, COMException when the
/// host is out of reach, UnauthorizedAccessException while connecting; starting an event query may also throw FileNotFoundException.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WmiFailures
{
    public static bool IsKnown(Exception exception)
        => exception is ManagementException or COMException or UnauthorizedAccessException or FileNotFoundException;

    public static CimException Map(string call, Exception exception)
    {
        var code = exception is ManagementException management ? unchecked((uint)management.ErrorCode) : unchecked((uint)exception.HResult);
        return new CimException(code, $"{call} failed with 0x{code:X8}: {exception.Message.Trim()}", exception);
    }

    public static bool IsTimeout(ManagementException exception) => exception.ErrorCode is ManagementStatus.Timedout;

    /// <summary>Whether the connection is dead, so that the next call must make a new one.</summary>
    public static bool BreaksConnection(uint code) => code
        is CimErrorCode.RpcServerUnavailable or CimErrorCode.RpcCallFailed or CimErrorCode.RpcDisconnected or CimErrorCode.ShuttingDown;
}
