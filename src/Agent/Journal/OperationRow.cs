using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Journal;

/// <summary>A row of the operations table joined with its last event, as Dapper fills it.</summary>
internal sealed class OperationRow
{
    public const string Columns =
        """
        o.ordinal AS Ordinal, o.operation_id AS OperationId, o.kind AS Kind, o.request AS Request, o.request_hash AS RequestHash,
        o.virtual_machine_id AS VirtualMachineId, o.virtual_machine_name AS VirtualMachineName, o.campaign_id AS CampaignId,
        o.item_id AS ItemId, o.attempt AS Attempt, o.epoch AS Epoch, o.requested_by AS RequestedBy, o.create_time AS CreateTime,
        o.recovery_point_identifier AS RecoveryPointIdentifier, o.intent AS Intent, o.return_code AS ReturnCode,
        o.job_path AS JobPath, o.cancel_reason AS CancelReason, o.start_time AS StartTime, o.end_time AS EndTime, e.payload AS LastEvent
        """;

    public const string From =
        "FROM operations o JOIN events e ON e.ordinal = o.ordinal AND e.sequence = o.sequence";

    public long Ordinal { get; init; }

    public string OperationId { get; init; } = "";

    public string Kind { get; init; } = "";

    public byte[] Request { get; init; } = [];

    public byte[] RequestHash { get; init; } = [];

    public string VirtualMachineId { get; init; } = "";

    public string VirtualMachineName { get; init; } = "";

    public string? CampaignId { get; init; }

    public string? ItemId { get; init; }

    public long Attempt { get; init; }

    public long Epoch { get; init; }

    public string RequestedBy { get; init; } = "";

    public long CreateTime { get; init; }

    public string? RecoveryPointIdentifier { get; init; }

    public string? Intent { get; init; }

    public long? ReturnCode { get; init; }

    public string? JobPath { get; init; }

    public string? CancelReason { get; init; }

    public long? StartTime { get; init; }

    public long? EndTime { get; init; }

    public string LastEvent { get; init; } = "";

    public OperationSnapshot ToSnapshot() => new()
    {
        Ordinal = Ordinal,
        Facts = new OperationFacts
        {
            OperationId = Guid.Parse(OperationId),
            Kind = Kind,
            VirtualMachineId = VirtualMachineId,
            VirtualMachineName = VirtualMachineName,
            Request = Request,
            RequestHash = RequestHash,
            Campaign = CampaignId is null ? null : new CampaignReference(Guid.Parse(CampaignId), ItemId ?? "", checked((int)Attempt), Epoch),
            RequestedBy = RequestedBy,
            CreateTime = Time(CreateTime),
        },
        Last = JournalJson.ReadEvent(LastEvent),
        RecoveryPointIdentifier = RecoveryPointIdentifier,
        Intent = Intent is null ? null : JournalJson.ReadIntent(Intent),
        ReturnCode = ReturnCode is { } code ? checked((uint)code) : null,
        JobPath = JobPath,
        CancelReason = CancelReason,
        StartTime = StartTime is { } start ? Time(start) : null,
        EndTime = EndTime is { } end ? Time(end) : null,
    };

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
