using System.Globalization;
using Grpc.Core;
using HostAgent.Campaigns.Planning;
using HostAgent.Coordinator.Store;
using HostAgent.HyperV.Readiness;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Wire;

/// <summary>The errors of the services <c>Campaigns</c> and <c>Hosts</c>, each created in one place.</summary>
internal static class CampaignFailures
{
    private const string UnknownOutcome = "OUTCOME_UNKNOWN";

    /// <summary>The domain of every error of the coordinator.</summary>
    public const string Domain = "campaigns.hyperv";

    /// <summary>INVALID_ARGUMENT (INVALID_REQUEST) with every invalid field.</summary>
    public static RpcFailure InvalidRequest(params IReadOnlyList<FieldViolation> violations)
        => new(StatusCode.InvalidArgument, "INVALID_REQUEST", string.Join("; ", violations.Select(violation => $"{violation.Field}: {violation.Description}")))
        {
            Domain = Domain,
            FieldViolations = violations,
        };

    /// <summary>NOT_FOUND (CAMPAIGN_NOT_FOUND).</summary>
    public static RpcFailure CampaignNotFound(string name) => NotFound("CAMPAIGN_NOT_FOUND", "campaign", name);

    public static RpcFailure ItemNotFound(string name) => NotFound("ITEM_NOT_FOUND", "item", name);

    public static RpcFailure ReturnNotFound(string name) => NotFound("RETURN_NOT_FOUND", "return", name);

    public static RpcFailure DrillNotFound(string name) => NotFound("DRILL_NOT_FOUND", "drill", name);

    /// <summary>FAILED_PRECONDITION (NOT_READY) with each check that stands against an outage.</summary>
    public static RpcFailure NotReady(string name, string machine, IReadOnlyList<ReadinessCheck> against)
        => new(StatusCode.FailedPrecondition, "NOT_READY", $"{name} is not ready for the outage: {string.Join(", ", against.Select(check => check.Id))}; put it right, or accept each by its name")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name },
            PreconditionViolations = [.. against.Select(check => new PreconditionViolation(check.Id, machine, $"{check.Observed}. {check.Remedy}"))],
        };

    /// <summary>PERMISSION_DENIED (NOT_AN_APPROVER).</summary>
    public static RpcFailure NotAnApprover(string name, string campaign, string message) => new(StatusCode.PermissionDenied, "NOT_AN_APPROVER", message)
    {
        Domain = Domain,
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name, ["campaign"] = campaign },
    };

    public static RpcFailure ChannelNotFound(string name) => NotFound("CHANNEL_NOT_FOUND", "channel", name);

    public static RpcFailure DeadLetterNotFound(string channel, string id)
        => new(StatusCode.NotFound, "DEAD_LETTER_NOT_FOUND", $"{channel} has no dead letter '{id}'")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["channel"] = channel, ["id"] = id },
        };

    /// <summary>FAILED_PRECONDITION (CHANNEL_NOT_CONFIGURED): the channel has dead letters and is not in the settings.</summary>
    public static RpcFailure ChannelNotConfigured(string channel)
        => Precondition("CHANNEL_NOT_CONFIGURED", $"{channel} is no longer in the coordinator's settings: nothing can be delivered to it", ("channel", channel));

    /// <summary>UNAVAILABLE (NOT_DELIVERED): a test of a channel was not delivered.</summary>
    public static RpcFailure NotDelivered(string channel, string explanation)
        => new(StatusCode.Unavailable, "NOT_DELIVERED", $"the test of {channel} was not delivered: {explanation}")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["channel"] = channel },
        };

    public static RpcFailure HostNotFound(string name) => NotFound("HOST_NOT_FOUND", "host", name);

    /// <summary>UNAVAILABLE (HOST_UNREACHABLE).</summary>
    public static RpcFailure HostUnreachable(string host, Uri address, RpcFailure cause)
        => new(StatusCode.Unavailable, "HOST_UNREACHABLE", $"host {host} could not be reached: {cause.Message}", cause)
        {
            Domain = Domain,
            RetryDelay = TimeSpan.FromSeconds(5),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["host"] = host,
                ["address"] = address.OriginalString,
                ["cause"] = cause.Reason,
            },
        };

    /// <summary>ALREADY_EXISTS (CAMPAIGN_EXISTS).</summary>
    public static RpcFailure CampaignExists(string name)
        => new(StatusCode.AlreadyExists, "CAMPAIGN_EXISTS", $"'{name}' exists with another document; use another campaign_id, or replace its document with UpdateCampaign")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["campaign"] = name },
        };

    /// <summary>ALREADY_EXISTS (REQUEST_ID_REUSED).</summary>
    public static RpcFailure RequestIdReused(string campaign, Guid id)
        => new(StatusCode.AlreadyExists, "REQUEST_ID_REUSED", $"request_id '{id:D}' was already used on {campaign} for another request or by another caller; use a new UUID for each request")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["campaign"] = campaign, ["request_id"] = id.ToString("D") },
        };

    public static RpcFailure VersionMismatch(string campaign, long expected, long actual)
        => new(StatusCode.Aborted, "VERSION_MISMATCH", string.Create(
            CultureInfo.InvariantCulture, $"{campaign} is at version {actual}, not at {expected}: it was changed in the meantime; reload it and try again"))
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["campaign"] = campaign,
                ["version"] = actual.ToString(CultureInfo.InvariantCulture),
            },
        };

    /// <summary>FAILED_PRECONDITION (PLAN_WARNINGS) with each warning that needs acceptance, and the machines that would be left out.</summary>
    public static RpcFailure PlanWarnings(string campaign, CampaignPlan plan)
    {
        var asking = plan.Warnings.Where(warning => warning.NeedsAcceptance).ToList();
        return new(StatusCode.FailedPrecondition, "PLAN_WARNINGS", string.Create(
            CultureInfo.InvariantCulture,
            $"the plan of '{campaign}' has {asking.Count} warnings that need acceptance, the first: {asking[0].Message} Correct the document, or set accept_warnings."))
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["campaign"] = campaign,
                ["warnings"] = asking.Count.ToString(CultureInfo.InvariantCulture),
                ["refused"] = plan.Refused.Count.ToString(CultureInfo.InvariantCulture),
            },
            PreconditionViolations = [.. asking.Select(warning => new PreconditionViolation(UpperSnake.Of(warning.Kind), campaign, warning.Message))],
        };
    }

    /// <summary>UNAVAILABLE (NOT_TAKEN_UP): the campaign is stored but could not be loaded; loading is retried.</summary>
    public static RpcFailure NotResumed(string campaign, string finding, TimeSpan retryDelay)
        => new(StatusCode.Unavailable, "NOT_TAKEN_UP", $"{campaign} could not be loaded: {finding}")
        {
            Domain = Domain,
            RetryDelay = retryDelay,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["campaign"] = campaign },
        };

    /// <summary>RESOURCE_EXHAUSTED (STORE_LOW): the remaining free space on the store's disk is reserved for existing campaigns.</summary>
    public static RpcFailure StoreLow(string campaign, long free, long minimum)
        => new(StatusCode.ResourceExhausted, "STORE_LOW", string.Create(
            CultureInfo.InvariantCulture,
            $"{campaign} cannot be stored: {free >> 20} MiB are free on the store's disk, and the last {minimum >> 20} MiB are reserved for existing campaigns; free some space or delete campaigns that have ended"))
        {
            Domain = Domain,
            RetryDelay = TimeSpan.FromMinutes(1),
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["campaign"] = campaign,
                ["free_bytes"] = free.ToString(CultureInfo.InvariantCulture),
                ["min_free_bytes"] = minimum.ToString(CultureInfo.InvariantCulture),
            },
        };

    /// <summary>UNAVAILABLE (STORE_UNAVAILABLE) for every call, while another coordinator may have taken over and the store cannot be asked.</summary>
    /// <param name="silent">How long the store has not answered.</param>
    public static RpcFailure InDoubt(TimeSpan silent) => new(
        StatusCode.Unavailable,
        "STORE_UNAVAILABLE",
        string.Create(CultureInfo.InvariantCulture, $"The store has not answered for {silent.TotalSeconds:0} s, and another coordinator may be at work by now: what this one would show could be old. Ask another one, or again when the store answers."))
    {
        Domain = Domain,
        RetryDelay = TimeSpan.FromSeconds(2),
    };

    /// <summary>UNAVAILABLE (STORE_UNAVAILABLE, or OUTCOME_UNKNOWN when it may have been written) for a store failure, wherever it occurs; null for anything else.</summary>
    public static RpcFailure? Of(Exception exception) => exception switch
    {
        StoreUnavailableException or StateConflictException => new(StatusCode.Unavailable, "STORE_UNAVAILABLE", $"{exception.Message} The call had no effect.", exception) { Domain = Domain, RetryDelay = TimeSpan.FromSeconds(2) },
        StoreOutcomeUnknownException => OutcomeUnknown("the call", exception),
        _ => null,
    };

    /// <summary>UNAVAILABLE (OUTCOME_UNKNOWN): the store did not answer when the call was made durable, so it may have taken effect.</summary>
    /// <param name="what">What may have taken effect.</param>
    /// <param name="exception">The store's failure.</param>
    public static RpcFailure OutcomeUnknown(string what, Exception exception)
        => new(StatusCode.Unavailable, UnknownOutcome, $"{what} may have taken effect or not: the store stopped answering while it was written; read the campaign again before you repeat it", exception)
        {
            Domain = Domain,
            RetryDelay = TimeSpan.FromSeconds(2),
        };

    /// <summary>UNAVAILABLE (NOT_OWNER): the campaign is not at work here at this moment; the call had no effect.</summary>
    public static RpcFailure NotOwner(string message, Exception? cause = null)
        => new(StatusCode.Unavailable, "NOT_OWNER", message, cause) { Domain = Domain, RetryDelay = TimeSpan.FromSeconds(2) };

    /// <summary>Whether a call may have taken effect: it must not be recorded as refused.</summary>
    public static bool IsOutcomeUnknown(RpcFailure failure) => failure.Reason == UnknownOutcome;

    /// <summary>DATA_LOSS (STREAM_DAMAGED): the campaign's stored data is damaged.</summary>
    public static RpcFailure StreamDamaged(string campaign, string finding)
        => new(StatusCode.DataLoss, "STREAM_DAMAGED", $"{campaign}: {finding}")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["campaign"] = campaign },
        };

    /// <summary>DATA_LOSS (AUDIT_BROKEN): every record was sent, but the chain is broken.</summary>
    public static RpcFailure AuditBroken(string campaign, string finding)
        => new(StatusCode.DataLoss, "AUDIT_BROKEN", $"the audit of {campaign} is BROKEN: {finding}")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["campaign"] = campaign },
        };

    /// <summary>FAILED_PRECONDITION with a specific reason.</summary>
    public static RpcFailure Precondition(string reason, string message, params IReadOnlyList<(string Key, string Value)> metadata)
        => new(StatusCode.FailedPrecondition, reason, message)
        {
            Domain = Domain,
            Metadata = metadata.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };

    private static RpcFailure NotFound(string reason, string kind, string name)
        => new(StatusCode.NotFound, reason, $"there is no {kind} '{name}'")
        {
            Domain = Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [kind] = name },
        };
}
