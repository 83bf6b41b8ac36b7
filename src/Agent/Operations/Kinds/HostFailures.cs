using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;

namespace HostAgent.Agent.Operations.Kinds;

/// <summary>Maps exceptions of the host to failures.</summary>
internal static class HostFailures
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(15);

    /// <summary>The failure behind an exception of the host's namespace; null when the exception is none of those.</summary>
    public static OperationFailure? Of(Exception error, string hostName) => error switch
    {
        CimException { ErrorCode: CimErrorCode.AccessDenied } denied => Named(
            new OperationFailure(StatusCode.PermissionDenied, "ACCESS_DENIED",
                $"The agent's account may not manage Hyper-V on {hostName} ({denied.Message}): add it to Hyper-V Administrators and restart the agent."), hostName, denied),
        CimException { ErrorCode: CimErrorCode.InvalidNamespace or CimErrorCode.InvalidClass or CimErrorCode.MethodNotImplemented } missing => Named(
            new OperationFailure(StatusCode.Unimplemented, "PLATFORM_NOT_SUPPORTED",
                $"{hostName} does not offer InitiateFailback ({missing.Message}): it needs Hyper-V of Windows Server 2012 R2 or later. Reverse the replication and run a planned failover instead."), hostName, missing),
        CimException { ErrorCode: CimErrorCode.NotFound } gone => Named(
            new OperationFailure(StatusCode.NotFound, "VIRTUAL_MACHINE_NOT_FOUND", $"{hostName} no longer has the machine ({gone.Message})."), hostName, gone),
        CimException other => Named(
            new OperationFailure(StatusCode.Unavailable, "HOST_UNAVAILABLE", $"{hostName} could not be asked: {other.Message}") { RetryDelay = RetryDelay }, hostName, other),
        ReplicationServiceMissingException missing => new OperationFailure(
            StatusCode.Unavailable, "HOST_UNAVAILABLE", $"{hostName} shows no replication service: {missing.Message}")
        {
            Metadata = new Dictionary<string, string> { ["host"] = hostName },
            RetryDelay = RetryDelay,
        },
        CimDataException wrong => new OperationFailure(StatusCode.Internal, "HOST_DATA_INVALID", $"{hostName} returned unexpected data: {wrong.Message}")
        {
            Metadata = new Dictionary<string, string> { ["host"] = hostName },
        },
        CimXmlException unwritable => new OperationFailure(
            StatusCode.FailedPrecondition, "NOT_READY", $"{hostName} cannot be called with these settings: {unwritable.Message}")
        {
            Retry = RetryClass.NotReady,
            Metadata = new Dictionary<string, string> { ["host"] = hostName },
        },
        OperationCanceledException or TimeoutException => new OperationFailure(
            StatusCode.Unavailable, "HOST_UNAVAILABLE", $"{hostName} did not answer in time.")
        {
            Metadata = new Dictionary<string, string> { ["host"] = hostName },
            RetryDelay = RetryDelay,
        },
        _ => null,
    };

    /// <summary>What an exception of the method's call means when it proves that the host did nothing; null for one that may have come after an effect.</summary>
    public static OperationOutcome? NoEffect(Exception error, string hostName) => ProvesNoEffect(error) && Of(error, hostName) is { } failure
        ? new OperationOutcome(OperationState.Failed, OutcomeBasis.ReturnCode, failure.Message, failure, failure.Retry)
        : null;

    private static bool ProvesNoEffect(Exception error) => error switch
    {
        ReplicationServiceMissingException => true,
        CimException cim => cim.ErrorCode
            is CimErrorCode.AccessDenied or CimErrorCode.InvalidParameter or CimErrorCode.InvalidNamespace or CimErrorCode.InvalidClass
            or CimErrorCode.MethodNotImplemented or CimErrorCode.NotFound,
        _ => false,
    };

    private static OperationFailure Named(OperationFailure failure, string hostName, CimException error) => failure with
    {
        Metadata = new Dictionary<string, string>
        {
            ["host"] = hostName,
            ["hresult"] = string.Create(CultureInfo.InvariantCulture, $"0x{error.ErrorCode:X8}"),
        },
    };
}
