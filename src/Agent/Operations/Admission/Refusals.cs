using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV.Failback;

namespace HostAgent.Agent.Operations.Admission;

/// <summary>The refusals of the operations themselves, each with its reason, metadata and message.</summary>
internal static class Refusals
{
    /// <summary>How long a caller should wait before retrying after a restart or a busy moment.</summary>
    public static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan QueueMoves = TimeSpan.FromSeconds(30);

    public static OperationRefusedException Draining(string host) => new(
        new OperationFailure(StatusCode.Unavailable, "DRAINING", $"The agent on {host} is stopping; running operations continue on the host.")
        {
            Metadata = new Dictionary<string, string> { ["host"] = host },
            RetryDelay = SoonAgain,
        });

    public static OperationRefusedException IdReused(OperationFacts known) => new(
        new OperationFailure(StatusCode.AlreadyExists, "OPERATION_ID_REUSED",
            $"Operation id {known.OperationId} belongs to another request, on machine {known.VirtualMachineId}; use a new id.")
        {
            Metadata = new Dictionary<string, string>
            {
                ["operation_id"] = known.OperationId.ToString(),
                ["virtual_machine_id"] = known.VirtualMachineId,
            },
        });

    public static OperationRefusedException InProgress(OperationFacts live) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "OPERATION_IN_PROGRESS",
            $"Machine {live.VirtualMachineId} ({live.VirtualMachineName}) has the live operation {live.OperationId}; watch it, or wait for its end.")
        {
            Retry = RetryClass.BackOff,
            Metadata = new Dictionary<string, string>
            {
                ["operation_id"] = live.OperationId.ToString(),
                ["virtual_machine_id"] = live.VirtualMachineId,
            },
        });

    public static OperationRefusedException StaleEpoch(Guid campaignId, long epoch, long highest) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "STALE_EPOCH",
            string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch} of campaign {campaignId} is lower than {highest}, the highest seen: another coordinator owns the campaign."))
        {
            Metadata = new Dictionary<string, string>
            {
                ["campaign_id"] = campaignId.ToString(),
                ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
                ["highest_epoch"] = highest.ToString(CultureInfo.InvariantCulture),
            },
        });

    public static OperationRefusedException EpochJump(CampaignClaim claim, long highest) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "EPOCH_JUMP",
            string.Create(CultureInfo.InvariantCulture, $"Epoch {claim.Epoch} of campaign {claim.CampaignId} is more than {CampaignClaims.LargestStep} above {highest}, the highest seen; rejected."))
        {
            Metadata = new Dictionary<string, string>
            {
                ["campaign_id"] = claim.CampaignId.ToString(),
                ["epoch"] = claim.Epoch.ToString(CultureInfo.InvariantCulture),
                ["highest_epoch"] = highest.ToString(CultureInfo.InvariantCulture),
            },
        });

    public static OperationRefusedException CampaignOwned(CampaignClaim claim, string owner) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "CAMPAIGN_OWNED",
            $"Campaign {claim.CampaignId} was claimed by {owner}; {claim.Coordinator} may not act for it.")
        {
            Metadata = new Dictionary<string, string> { ["campaign_id"] = claim.CampaignId.ToString(), ["owner"] = owner },
        });

    public static OperationRefusedException CampaignClaimedTwice(CampaignClaim claim, CampaignClaim held) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "CAMPAIGN_CLAIMED_TWICE",
            string.Create(CultureInfo.InvariantCulture, $"Two coordinator processes act for campaign {claim.CampaignId}: {held.Instance} with epoch {held.Epoch} came first, {claim.Instance} with epoch {claim.Epoch} is refused. They probably use copies of one store: stop one of them."))
        {
            Metadata = new Dictionary<string, string>
            {
                ["campaign_id"] = claim.CampaignId.ToString(),
                ["held_by"] = held.Instance,
                ["epoch"] = claim.Epoch.ToString(CultureInfo.InvariantCulture),
                ["highest_epoch"] = held.Epoch.ToString(CultureInfo.InvariantCulture),
            },
            RetryDelay = SoonAgain,
        });

    public static OperationRefusedException QueueFull(string host, int capacity) => new(
        new OperationFailure(StatusCode.ResourceExhausted, "QUEUE_FULL",
            string.Create(CultureInfo.InvariantCulture, $"The queue of {host} is full ({capacity} operations waiting)."))
        {
            Metadata = new Dictionary<string, string> { ["host"] = host, ["capacity"] = capacity.ToString(CultureInfo.InvariantCulture) },
            RetryDelay = QueueMoves,
        });

    public static OperationRefusedException NotFound(Guid operationId) => new(
        new OperationFailure(StatusCode.NotFound, "OPERATION_NOT_FOUND",
            $"The journal has no operation {operationId}: it was never accepted here, or its retention has expired.")
        {
            Metadata = new Dictionary<string, string> { ["operation_id"] = operationId.ToString() },
        });

    public static OperationRefusedException ConfirmationRequired(OperationFacts facts) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "CONFIRMATION_REQUIRED",
            $"Operation {facts.OperationId} has a running job: cancelling it can leave disks of machine {facts.VirtualMachineId} that must not be booted. Confirm with confirm_possible_data_loss.")
        {
            Metadata = new Dictionary<string, string>
            {
                ["operation_id"] = facts.OperationId.ToString(),
                ["virtual_machine_id"] = facts.VirtualMachineId,
            },
        });

    public static OperationRefusedException NotCancellable(OperationFacts facts, string why, bool soonAgain) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "NOT_CANCELLABLE", $"Operation {facts.OperationId} cannot be cancelled: {why}.")
        {
            Metadata = new Dictionary<string, string> { ["operation_id"] = facts.OperationId.ToString() },
            RetryDelay = soonAgain ? SoonAgain : null,
        });

    public static OperationRefusedException JournalLost(JournalDamage damage, OperationRequest request, string evidence, string? jobId, bool acceptable)
    {
        var metadata = new Dictionary<string, string>
        {
            ["operation_id"] = request.OperationId.ToString(),
            ["virtual_machine_id"] = request.VirtualMachineId,
            ["damage_time"] = damage.FindTime.ToString("O", CultureInfo.InvariantCulture),
            ["set_aside"] = damage.SetAside,
            ["damage"] = damage.Explanation,
        };
        if (jobId is not null)
        {
            metadata["job_id"] = jobId;
        }

        var remedy = acceptable
            ? $"Check the machine, then accept the check {UnknownIdAfterJournalLossRule.AcceptedCheck} to start."
            : "Check the machine; nothing is started while this holds.";
        var cause = damage.SetAside.Length == 0 ? damage.Explanation : string.Create(CultureInfo.InvariantCulture, $"{damage.FindTime:u}, '{damage.SetAside}'");
        var message = $"The journal lost operations ({cause}), and this may be one of them: it is unknown whether machine {request.VirtualMachineId} was ever failed back for it; {evidence}. {remedy}";
        return new OperationRefusedException(new OperationFailure(StatusCode.FailedPrecondition, "JOURNAL_LOST", message)
        {
            Retry = RetryClass.JournalLost,
            Metadata = metadata,
            Preconditions = [new OperationPrecondition(UnknownIdAfterJournalLossRule.AcceptedCheck, $"virtualMachines/{request.VirtualMachineId}", message)],
        });
    }

    public static OperationRefusedException JournalLost(JournalDamage damage, Guid operationId) => new(
        new OperationFailure(StatusCode.FailedPrecondition, "JOURNAL_LOST",
            $"The journal has no operation {operationId}, which proves nothing: {damage.Explanation}. It is unknown whether it was ever started here.")
        {
            Retry = RetryClass.JournalLost,
            Metadata = new Dictionary<string, string> { ["operation_id"] = operationId.ToString(), ["damage"] = damage.Explanation },
        });

    public static OperationRefusedException JournalUnwritable(string host, Exception cause) => new(
        new OperationFailure(StatusCode.Unavailable, "JOURNAL_UNWRITABLE",
            $"The agent on {host} could not write its journal; nothing was started. Its log has the cause.")
        {
            Metadata = new Dictionary<string, string> { ["host"] = host },
            RetryDelay = QueueMoves,
        },
        cause);

    public static OperationRefusedException JournalUnreadable(string host, Exception cause) => new(
        new OperationFailure(StatusCode.Unavailable, "JOURNAL_UNREADABLE",
            $"The agent on {host} could not read its journal; nothing was changed. Its log has the cause.")
        {
            Metadata = new Dictionary<string, string> { ["host"] = host },
            RetryDelay = QueueMoves,
        },
        cause);
}
