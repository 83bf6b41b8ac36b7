namespace HostAgent.HyperV.Cim;

/// <summary>The namespace rejected a call or could not be reached.</summary>
public sealed class CimException : Exception
{
    /// <summary>Creates the exception from an HRESULT.</summary>
    /// <param name="hresult">The HRESULT, for example <see cref="CimErrorCode.NotFound"/>.</param>
    /// <param name="message">The call, and the namespace's answer.</param>
    /// <param name="innerException">The platform's own exception, if any.</param>
    public CimException(uint hresult, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorCode = hresult;
        HResult = unchecked((int)hresult);
    }

    /// <summary>The HRESULT; <see cref="CimErrorCode"/> names the known ones.</summary>
    public uint ErrorCode { get; }
}

/// <summary>HRESULTs that a CIM call can fail with (WMI error constants; RPC for an unreachable host).</summary>
public static class CimErrorCode
{
    /// <summary>WBEM_E_FAILED: a general failure.</summary>
    public const uint Failed = 0x80041001;

    /// <summary>WBEM_E_NOT_FOUND: the object does not exist (any more).</summary>
    public const uint NotFound = 0x80041002;

    /// <summary>WBEM_E_ACCESS_DENIED: no right to the namespace or object.</summary>
    public const uint AccessDenied = 0x80041003;

    /// <summary>WBEM_E_TYPE_MISMATCH: a value does not have the declared type, for example an instance where text is expected.</summary>
    public const uint TypeMismatch = 0x80041005;

    /// <summary>WBEM_E_INVALID_PARAMETER: a malformed path or reference.</summary>
    public const uint InvalidParameter = 0x80041008;

    /// <summary>WBEM_E_INVALID_NAMESPACE: the namespace does not exist (no Hyper-V role).</summary>
    public const uint InvalidNamespace = 0x8004100E;

    /// <summary>WBEM_E_INVALID_CLASS: the class does not exist on this platform.</summary>
    public const uint InvalidClass = 0x80041010;

    /// <summary>WBEM_E_PROVIDER_LOAD_FAILURE: the management service is stopped or its registration broken.</summary>
    public const uint ProviderLoadFailure = 0x80041013;

    /// <summary>WBEM_E_TRANSPORT_FAILURE: the network between WMI and its client failed.</summary>
    public const uint TransportFailure = 0x80041015;

    /// <summary>WBEM_E_INVALID_QUERY: the query text was rejected.</summary>
    public const uint InvalidQuery = 0x80041017;

    /// <summary>WBEM_E_INVALID_METHOD: the class declares no such method.</summary>
    public const uint InvalidMethod = 0x8004102E;

    /// <summary>WBEM_E_CALL_CANCELLED: the call was cancelled in flight.</summary>
    public const uint CallCancelled = 0x80041032;

    /// <summary>WBEM_E_SHUTTING_DOWN: the management infrastructure is shutting down.</summary>
    public const uint ShuttingDown = 0x80041033;

    /// <summary>WBEM_E_SERVER_TOO_BUSY: the management infrastructure accepts no more calls at the moment.</summary>
    public const uint ServerTooBusy = 0x80041045;

    /// <summary>WBEM_E_METHOD_NOT_IMPLEMENTED: the class has no such method on this platform.</summary>
    public const uint MethodNotImplemented = 0x80041055;

    /// <summary>WBEM_E_QUOTA_VIOLATION: the provider host has exhausted its quota.</summary>
    public const uint QuotaViolation = 0x8004106C;

    /// <summary>RPC_S_SERVER_UNAVAILABLE: the host or its management infrastructure cannot be reached.</summary>
    public const uint RpcServerUnavailable = 0x800706BA;

    /// <summary>RPC_S_SERVER_TOO_BUSY: the host accepts no more calls at the moment.</summary>
    public const uint RpcServerTooBusy = 0x800706BB;

    /// <summary>RPC_S_CALL_FAILED: the connection broke during the call; the call may have taken effect.</summary>
    public const uint RpcCallFailed = 0x800706BE;

    /// <summary>RPC_S_CALL_FAILED_DNE: the connection broke before the call started.</summary>
    public const uint RpcCallNotExecuted = 0x800706BF;

    /// <summary>RPC_E_SERVER_DIED: the management infrastructure died during the call; the call may have taken effect.</summary>
    public const uint RpcServerDied = 0x80010007;

    /// <summary>RPC_E_DISCONNECTED: the management infrastructure was restarted under an open session.</summary>
    public const uint RpcDisconnected = 0x80010108;

    /// <summary>CO_E_OBJNOTCONNECTED: the object behind an open session is gone.</summary>
    public const uint ObjectNotConnected = 0x800401FD;

    /// <summary>ERROR_TIMEOUT: the call did not finish within its deadline; it may have taken effect or may still do so.</summary>
    public const uint TimedOut = 0x800705B4;

    /// <summary>Whether the same call may succeed later without any intervention.</summary>
    public static bool IsTransient(uint errorCode) => errorCode
        is ProviderLoadFailure or TransportFailure or CallCancelled or ShuttingDown or ServerTooBusy or QuotaViolation or RpcServerUnavailable
        or RpcServerTooBusy or RpcCallFailed or RpcCallNotExecuted or RpcServerDied or RpcDisconnected or ObjectNotConnected or TimedOut;

    /// <summary>
    /// Whether the connection may be dead, so that the next call must use a new one: true unless WMI itself answered with something other
    /// than a shutdown.
    /// </summary>
    internal static bool MayBreakConnection(uint errorCode)
    {
        const uint facilityMask = 0xFFFFF000;
        const uint wmiFacility = 0x80041000;
        return (errorCode & facilityMask) != wmiFacility || errorCode is TransportFailure or ShuttingDown;
    }
}

/// <summary>An instance does not hold what its class should. The message names class, property and expectation.</summary>
public sealed class CimDataException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="className">The class.</param>
    /// <param name="property">The property; null when the whole instance is at fault.</param>
    /// <param name="why">What is wrong, as a clause.</param>
    public CimDataException(string className, string? property, string why)
        : base($"{className}{(property is null ? "" : "." + property)} cannot be used: {why}.")
    {
        ClassName = className;
        Property = property;
    }

    /// <summary>The class.</summary>
    public string ClassName { get; }

    /// <summary>The property; null when the whole instance is at fault.</summary>
    public string? Property { get; }
}
