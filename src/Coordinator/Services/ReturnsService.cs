using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;
using HostAgent.Hosting;
using HostAgent.Hosting.Paging;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>Single machines that return home between two hosts. The contract is protos/hyperv/campaigns/v1/returns.proto.</summary>
internal sealed class ReturnsService(MachineReturns returns, ReturnStore store, GuestCheck check, TimeProvider time) : Contracts.Campaigns.V1.Returns.ReturnsBase
{
    // Each of these calls asks two hosts.
    private const int MaxHostCallsPerPeer = 128;
    private const int MaxReason = 1024;
    private const int LongestName = 253;
    private const int MaxIgnoredChecks = 100;

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<Return> CreateReturn(CreateReturnRequest request, ServerCallContext context)
    {
        var wanted = Read(request);
        var origin = CommandOrigin.Of(context, "returns", request);
        var created = await returns.CreateAsync(wanted, AuditEntries.Of(time.GetUtcNow(), origin, refusal: null, isChange: true), origin.Caller.Name, context.CancellationToken);
        return ReturnMapper.ToMessage(await created.LookAsync(context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<Return> GetReturn(GetReturnRequest request, ServerCallContext context)
        => ReturnMapper.ToMessage(await (await FindAsync(request.Name, context)).LookAsync(context.CancellationToken));

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ListReturnsResponse> ListReturns(ListReturnsRequest request, ServerCallContext context)
    {
        var size = PageTokens.Size(request.PageSize, PageSize.Operations);
        (long, Guid)? after = PageTokens.Read(request, request.PageToken)?.Split('|') is [var ticks, var uid]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var created) && Guid.TryParse(uid, out var id) ? (created, id) : null;
        var found = await store.ListAsync(size + 1, after, request.LiveOnly, context.CancellationToken);
        var response = new ListReturnsResponse();
        response.Returns.Add(found.Take(size).Select(state => ReturnMapper.ToMessage(new ReturnView(state, Read: null, Decision: null, Progress: null, Percent: null))));
        if (found.Count > size)
        {
            response.NextPageToken = PageTokens.Write(request, string.Create(CultureInfo.InvariantCulture, $"{found[size - 1].CreateTime.UtcTicks}|{found[size - 1].Uid:D}"));
        }

        return response;
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task WatchReturn(WatchReturnRequest request, IServerStreamWriter<Return> responseStream, ServerCallContext context)
    {
        var watched = await FindAsync(request.Name, context);
        while (true)
        {
            var (view, next) = watched.Watch();
            await responseStream.WriteAsync(ReturnMapper.ToMessage(view), context.CancellationToken);
            if (view.State.EndTime is not null)
            {
                return;
            }

            await next.WaitAsync(context.CancellationToken);
        }
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override Task<Return> AdvanceReturn(AdvanceReturnRequest request, ServerCallContext context)
        => CommandAsync(request.Name, request, context, (on, origin) => on.AdvanceAsync(origin, request.RunToEnd, request.Evidence, context.CancellationToken));

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Return> PauseReturn(PauseReturnRequest request, ServerCallContext context)
    {
        _ = Reason(request.Reason);
        return CommandAsync(request.Name, request, context, (on, origin) => on.PauseAsync(origin, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override Task<Return> ApproveReturn(ApproveReturnRequest request, ServerCallContext context)
    {
        _ = Reason(request.Comment, "comment");
        var ignored = IgnoredChecks(request.IgnoredChecks, "gate", request.Gate, Gate.Outage);
        return CommandAsync(request.Name, request, context, (on, origin) => on.ApproveAsync(origin, request.Gate, Evidence(request.Evidence), ignored, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<CheckReturnResponse> CheckReturn(CheckReturnRequest request, ServerCallContext context)
        => ReturnMapper.ToMessage(await (await FindAsync(request.Name, context)).CheckAsync(context.CancellationToken));

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override Task<Return> AnswerReturn(AnswerReturnRequest request, ServerCallContext context)
    {
        var ignored = IgnoredChecks(request.IgnoredChecks, "answer", request.Verb, Verb.ApproveOutage);
        return CommandAsync(
            request.Name, request, context, (on, origin) => on.AnswerAsync(origin, request.Verb, Evidence(request.Evidence), Reason(request.Reason), ignored, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override Task<Return> SetReturnGoal(SetReturnGoalRequest request, ServerCallContext context)
    {
        _ = Reason(request.Reason);
        var goal = EnumNames.Back<Goal, ReturnGoal>(request.Goal)
            ?? throw CampaignFailures.InvalidRequest(new FieldViolation("goal", $"is {request.Goal:D}; it must be HOME, BACK, PROTECT_ONLY or STOP"));
        return CommandAsync(request.Name, request, context, (on, origin) => on.AimAsync(origin, goal, request.ConfirmLoss, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task GetReturnAudit(GetReturnAuditRequest request, IServerStreamWriter<Contracts.Campaigns.V1.AuditRecord> responseStream, ServerCallContext context)
    {
        var found = await FindAsync(request.Name, context);
        Audit.AuditRecord? last = null;
        await foreach (var record in store.ReadAuditAsync(found.Watch().View.State.Uid, context.CancellationToken))
        {
            await responseStream.WriteAsync(AuditMapper.ToMessage(record), context.CancellationToken);
            if (!AuditChain.Follows(record, last))
            {
                throw CampaignFailures.AuditBroken(request.Name, string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} does not follow the record before it"));
            }

            last = record;
        }
    }

    private Task<MachineReturn> FindAsync(string name, ServerCallContext context) => returns.FindAsync(name, context.CancellationToken);

    private async Task<Return> CommandAsync(
        string name, Google.Protobuf.IMessage request, ServerCallContext context, Func<MachineReturn, CommandOrigin, Task<ReturnView>> command)
    {
        var found = await FindAsync(name, context);
        return ReturnMapper.ToMessage(await command(found, CommandOrigin.Of(context, name, request)));
    }

    private WantedReturn Read(CreateReturnRequest request)
    {
        var errors = new List<FieldViolation>();
        if (request.VirtualMachine.Length is 0 or > LongestName)
        {
            errors.Add(new FieldViolation("virtual_machine", $"has {request.VirtualMachine.Length} characters; it must be a GUID or a name of 1 to {LongestName}"));
        }

        var goal = request.Goal == ReturnGoal.Unspecified ? Goal.Home : EnumNames.Back<Goal, ReturnGoal>(request.Goal);
        if (goal is null)
        {
            errors.Add(new FieldViolation("goal", $"is {request.Goal:D}; it must be HOME, BACK, PROTECT_ONLY or STOP"));
        }

        var name = request.Check?.ApplicationCheck ?? "";
        if (name.Length > 0 && check.WhyNot(name) is { } unknown)
        {
            errors.Add(new FieldViolation("check.application_check", unknown));
        }

        var defaults = new ReturnPlan();
        var plan = defaults with
        {
            ShutdownTimeout = Time("shutdown_timeout", request.ShutdownTimeout, defaults.ShutdownTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromHours(6), errors),
            HeartbeatTimeout = Time("check.heartbeat_timeout", request.Check?.HeartbeatTimeout, defaults.HeartbeatTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromHours(2), errors),
            IgnoreHeartbeat = request.Check?.IgnoreHeartbeat ?? false,
            ApplicationCheck = name,
            OffIsFine = request.OffIsFine,
        };
        return errors.Count == 0
            ? new WantedReturn(request.VirtualMachine, request.RecoveryHost, request.HomeHost, goal!.Value, plan)
            : throw CampaignFailures.InvalidRequest(errors);
    }

    private static TimeSpan Time(string field, Duration? value, TimeSpan otherwise, TimeSpan least, TimeSpan most, List<FieldViolation> errors)
    {
        if (value is null)
        {
            return otherwise;
        }

        // Seconds first: a duration that no TimeSpan can hold is out of range, not an error of the server.
        if (value.Seconds < 0 || value.Seconds > most.TotalSeconds || value.Nanos is < 0 or > 999_999_999 || value.ToTimeSpan() < least || value.ToTimeSpan() > most)
        {
            errors.Add(new FieldViolation(field, $"is {value.Seconds} s; it must be {least.TotalSeconds:0} s to {most.TotalHours:0} h"));
            return otherwise;
        }

        return value.ToTimeSpan();
    }

    // Checks are accepted with the outage only, by whichever way it is approved.
    private static HashSet<string> IgnoredChecks<TWord>(RepeatedField<string> ignored, string what, string given, TWord outage)
        where TWord : struct, System.Enum
    {
        if (ignored.Count > 0 && given != UpperSnake.Of(outage))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("ignored_checks", $"belongs to the {what} {UpperSnake.Of(outage)}, and not to '{VisibleText.Line(Shortened(given))}'"));
        }

        if (ignored.Count > MaxIgnoredChecks)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("ignored_checks", $"has {ignored.Count} entries; at most {MaxIgnoredChecks} are allowed"));
        }

        return ignored.FirstOrDefault(id => !HomePreflight.Ids.Contains(id)) is { } unknown
            ? throw CampaignFailures.InvalidRequest(new FieldViolation("ignored_checks", $"'{VisibleText.Line(Shortened(unknown))}' is the name of no check; CheckReturn lists them"))
            : [.. ignored];
    }

    private static string Shortened(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static string Evidence(string evidence) => evidence.Length is > 0 and <= 64
        ? evidence
        : throw CampaignFailures.InvalidRequest(new FieldViolation("evidence", $"has {evidence.Length} characters; it must be what the return showed as next.evidence"));

    private static string Reason(string reason, string field = "reason") => reason.Length <= MaxReason
        ? reason
        : throw CampaignFailures.InvalidRequest(new FieldViolation(field, $"has {reason.Length} characters; at most {MaxReason} are allowed"));
}
