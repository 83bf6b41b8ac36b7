using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Mi;

/// <summary>
/// Maps the library's failures to the port's HRESULTs. The library itself has some thirty results; the code of the host stands in the
/// failure's details, as an HRESULT or, from the transport, as a Win32 number.
/// </summary>
internal static unsafe class MiFailures
{
    private const uint SeverityError = 0x80000000;
    private const uint FacilityWin32 = 0x80070000;
    private const uint ComAccessDenied = 0x80070005;
    private const uint WmiTimedOut = 0x00040004; // WBEM_S_TIMEDOUT
    private const uint RpcCallCancelled = 0x80010002; // RPC_E_CALL_CANCELED
    private const uint NotSupported = 0x8004100C; // WBEM_E_NOT_SUPPORTED
    private const uint InvalidQueryType = 0x80041018; // WBEM_E_INVALID_QUERY_TYPE

    /// <summary>The failure of a call.</summary>
    /// <param name="call">What was called.</param>
    /// <param name="result">The library's result.</param>
    /// <param name="message">The library's message, or null.</param>
    /// <param name="details">An instance of CIM_Error or of a class derived from it, or null.</param>
    /// <param name="isCancelled">Whether the call was cancelled here.</param>
    public static CimException Read(string call, MiResult result, char* message, MiObject* details, bool isCancelled = false)
    {
        // A failure of the library's own repeats its result there.
        var hostCode = details is null || MiInstances.StringOf(details, "error_Type") is "MI" ? null : MiInstances.UInt32Of(details, "error_Code");
        var code = CodeOf(result, hostCode, isCancelled);
        var text = message is null ? null : new string(message).Trim();
        if (string.IsNullOrEmpty(text))
        {
            text = details is null ? null : MiInstances.StringOf(details, "Message");
        }

        return new CimException(code, $"{call} failed with 0x{code:X8}: {(string.IsNullOrEmpty(text) ? $"MI_Result {(int)result}" : text)}");
    }

    /// <summary>Throws when a call that does not reach the host has failed.</summary>
    public static void Require(string call, MiResult result)
    {
        if (result is not MiResult.Ok)
        {
            throw Read(call, result, null, null);
        }
    }

    /// <summary>The port's code for a failure.</summary>
    /// <param name="result">The library's result.</param>
    /// <param name="hostCode">The code in the failure's details; null when there is none.</param>
    /// <param name="isCancelled">Whether the call was cancelled here.</param>
    public static uint CodeOf(MiResult result, uint? hostCode, bool isCancelled) => hostCode switch
    {
        null or 0 => CodeOf(result),
        WmiTimedOut => CimErrorCode.TimedOut,
        // What the transport says when it ends a call: for a cancellation, and for the library's own timeout.
        RpcCallCancelled => isCancelled ? CimErrorCode.CallCancelled : CimErrorCode.TimedOut,
        ComAccessDenied or 5 => CimErrorCode.AccessDenied,
        <= ushort.MaxValue => FacilityWin32 | hostCode.Value,
        // A success code on a failed call: part of the rows, for example.
        { } code when (code & SeverityError) == 0 => CimErrorCode.Failed,
        { } code => code,
    };

    private static uint CodeOf(MiResult result) => result switch
    {
        MiResult.AccessDenied => CimErrorCode.AccessDenied,
        MiResult.InvalidNamespace => CimErrorCode.InvalidNamespace,
        MiResult.InvalidParameter => CimErrorCode.InvalidParameter,
        MiResult.InvalidClass => CimErrorCode.InvalidClass,
        MiResult.NotFound => CimErrorCode.NotFound,
        MiResult.NotSupported => NotSupported,
        MiResult.TypeMismatch => CimErrorCode.TypeMismatch,
        MiResult.QueryLanguageNotSupported => InvalidQueryType,
        MiResult.InvalidQuery => CimErrorCode.InvalidQuery,
        MiResult.MethodNotAvailable => CimErrorCode.MethodNotImplemented,
        MiResult.MethodNotFound => CimErrorCode.InvalidMethod,
        MiResult.ServerLimitsExceeded => CimErrorCode.QuotaViolation,
        MiResult.ServerIsShuttingDown => CimErrorCode.ShuttingDown,
        _ => CimErrorCode.Failed,
    };
}
