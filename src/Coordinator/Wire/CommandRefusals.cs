using Grpc.Core;
using HostAgent.Campaigns.Messages;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>The mapping from a machine's rejection of a command to a gRPC status.</summary>
internal static class CommandRefusals
{
    /// <summary>The failure for a rejected command.</summary>
    /// <param name="rejection">The rejection.</param>
    /// <param name="target">The resource name that the command was called on.</param>
    public static RpcFailure ToFailure(Rejection rejection, string target)
    {
        var (status, reason) = rejection.Code switch
        {
            RejectionCode.CampaignState => (StatusCode.FailedPrecondition, "CAMPAIGN_STATE"),
            RejectionCode.ItemNotFound => (StatusCode.NotFound, "ITEM_NOT_FOUND"),
            RejectionCode.ItemState => (StatusCode.FailedPrecondition, "ITEM_STATE"),
            RejectionCode.NoGate => (StatusCode.FailedPrecondition, "NO_GATE"),
            RejectionCode.GateState => (StatusCode.FailedPrecondition, "GATE_STATE"),
            RejectionCode.NotAnApprover => (StatusCode.PermissionDenied, "NOT_AN_APPROVER"),
            RejectionCode.ConfirmationRequired => (StatusCode.FailedPrecondition, "CONFIRMATION_REQUIRED"),
            RejectionCode.ReasonRequired => (StatusCode.InvalidArgument, "INVALID_REQUEST"),
            _ => throw new ArgumentOutOfRangeException(nameof(rejection), rejection.Code, "The refusal is not mapped to the contract."),
        };
        return new RpcFailure(status, reason, rejection.Message)
        {
            Domain = CampaignFailures.Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = target },
            FieldViolations = rejection.Code == RejectionCode.ReasonRequired ? [new FieldViolation("reason", rejection.Message)] : [],
        };
    }
}
