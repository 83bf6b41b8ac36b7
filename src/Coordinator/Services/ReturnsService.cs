using Google.Protobuf.Collections;
using Grpc.Core;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;
using HostAgent.Hosting;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>Single machines that return home between two hosts. The contract is protos/hyperv/campaigns/v1/returns.proto.</summary>
internal sealed class ReturnsService(MachineReturns returns, KeptStates<ReturnState> store, Drills.ProofTable proofs, GuestCheck check, TimeProvider time) : Contracts.Campaigns.V1.Returns.ReturnsBase
{
    // Each of these calls asks two hosts.
    private const int MaxHostCallsPerPeer = 128;
    private const int MaxIgnoredChecks = 100;
    private const int MostNetworks = 64;
    private const int LongestSwitch = 256;

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
    {
        var view = await (await FindAsync(request.Name, context)).LookAsync(context.CancellationToken);
        var message = ReturnMapper.ToMessage(view);
        message.Proof = ProofMapper.ToMessage(await proofs.FindAsync(view.State.Machine, context.CancellationToken), time.GetUtcNow());
        return message;
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ListReturnsResponse> ListReturns(ListReturnsRequest request, ServerCallContext context)
    {
        var (found, next) = await MachineRequests.PageAsync(store, request, request.PageSize, request.PageToken, request.LiveOnly, context.CancellationToken);
        return new ListReturnsResponse { Returns = { found.Select(state => ReturnMapper.ToMessage(new ReturnView(state, Read: null, Decision: null, Progress: null, Percent: null))) }, NextPageToken = next };
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
        _ = MachineRequests.Reason(request.Reason);
        return CommandAsync(request.Name, request, context, (on, origin) => on.PauseAsync(origin, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override Task<Return> ApproveReturn(ApproveReturnRequest request, ServerCallContext context)
    {
        _ = MachineRequests.Reason(request.Comment, "comment");
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
            request.Name, request, context, (on, origin) => on.AnswerAsync(origin, request.Verb, Evidence(request.Evidence), MachineRequests.Reason(request.Reason), ignored, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override Task<Return> SetReturnGoal(SetReturnGoalRequest request, ServerCallContext context)
    {
        _ = MachineRequests.Reason(request.Reason);
        var goal = EnumNames.Back<Goal, ReturnGoal>(request.Goal)
            ?? throw CampaignFailures.InvalidRequest(new FieldViolation("goal", $"is {request.Goal:D}; it must be HOME, BACK, PROTECT_ONLY or STOP"));
        return CommandAsync(request.Name, request, context, (on, origin) => on.AimAsync(origin, goal, request.ConfirmLoss, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override Task<Return> CancelReturnStep(CancelReturnStepRequest request, ServerCallContext context)
        => CommandAsync(request.Name, request, context, (on, origin) => on.CancelStepAsync(origin, request.ConfirmPossibleDataLoss, MachineRequests.Reason(request.Reason), context.CancellationToken));

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task GetReturnAudit(GetReturnAuditRequest request, IServerStreamWriter<Contracts.Campaigns.V1.AuditRecord> responseStream, ServerCallContext context)
    {
        var found = await FindAsync(request.Name, context);
        await MachineRequests.StreamAuditAsync(request.Name, store.ReadAuditAsync(found.Watch().View.State.Uid, context.CancellationToken), responseStream, context.CancellationToken);
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
        var goal = request.Goal == ReturnGoal.Unspecified ? Goal.Home : EnumNames.Back<Goal, ReturnGoal>(request.Goal);
        if (goal is null)
        {
            errors.Add(new FieldViolation("goal", $"is {request.Goal:D}; it must be HOME, BACK, PROTECT_ONLY or STOP"));
        }

        var defaults = new ReturnPlan();
        var plan = MachineRequests.Plan(defaults, request.VirtualMachine, request.Check, check, errors) with
        {
            ShutdownTimeout = MachineRequests.Time("shutdown_timeout", request.ShutdownTimeout, defaults.ShutdownTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromHours(6), errors),
            OffIsFine = request.OffIsFine,
            Rehearse = request.Rehearse,
            RehearsalSwitch = RehearsalSwitch(request, errors),
            Networks = Networks(request.Networks, errors),
        };
        return errors.Count == 0
            ? new WantedReturn(request.VirtualMachine, request.RecoveryHost, request.HomeHost, goal!.Value, plan)
            : throw CampaignFailures.InvalidRequest(errors);
    }

    private static string? RehearsalSwitch(CreateReturnRequest request, List<FieldViolation> errors)
    {
        if (request.RehearsalSwitch.Length == 0)
        {
            return null;
        }

        RequireSwitch("rehearsal_switch", request.RehearsalSwitch, errors);
        if (!request.Rehearse)
        {
            errors.Add(new FieldViolation("rehearsal_switch", "is set without rehearse, so that nothing would be rehearsed on it"));
        }

        return request.RehearsalSwitch;
    }

    private static List<NetworkSpec>? Networks(RepeatedField<ReturnNetwork> networks, List<FieldViolation> errors)
    {
        if (networks.Count > MostNetworks)
        {
            errors.Add(new FieldViolation("networks", $"has {networks.Count} entries; at most {MostNetworks} are allowed"));
            return null;
        }

        foreach (var (index, network) in networks.Index())
        {
            var field = FormattableString.Invariant($"networks[{index}]");
            RequireSwitch($"{field}.from", network.From, errors);
            RequireSwitch($"{field}.to", network.To, errors);
            if (networks.Take(index).Any(other => string.Equals(other.From, network.From, StringComparison.OrdinalIgnoreCase)))
            {
                errors.Add(new FieldViolation($"{field}.from", $"'{VisibleText.Line(VisibleText.Shortened(network.From))}' is named before; each switch may be named once"));
            }

            if (network.HasVlan && network.Vlan > AdapterVlan.HighestId)
            {
                errors.Add(new FieldViolation($"{field}.vlan", $"is {network.Vlan}; it must be 1 to {AdapterVlan.HighestId}, or 0 for untagged"));
            }
        }

        return networks.Count == 0 ? null
            : [.. networks.Select(network => new NetworkSpec(network.From, network.To) { Dhcp = network.Dhcp, Vlan = network.HasVlan ? (int)network.Vlan : null, KeepMac = network.KeepMac })];
    }

    private static void RequireSwitch(string field, string name, List<FieldViolation> errors)
    {
        if (name.Length is 0 or > LongestSwitch || name.Any(char.IsControl))
        {
            errors.Add(new FieldViolation(field, $"has {name.Length} characters; it must be the name of a switch, of 1 to {LongestSwitch} characters without control characters"));
        }
    }

    // Checks are accepted with the outage only, by whichever way it is approved.
    private static HashSet<string> IgnoredChecks<TWord>(RepeatedField<string> ignored, string what, string given, TWord outage)
        where TWord : struct, System.Enum
    {
        if (ignored.Count > 0 && given != UpperSnake.Of(outage))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("ignored_checks", $"belongs to the {what} {UpperSnake.Of(outage)}, and not to '{VisibleText.Line(VisibleText.Shortened(given))}'"));
        }

        if (ignored.Count > MaxIgnoredChecks)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("ignored_checks", $"has {ignored.Count} entries; at most {MaxIgnoredChecks} are allowed"));
        }

        return ignored.FirstOrDefault(id => !HomePreflight.Ids.Contains(id)) is { } unknown
            ? throw CampaignFailures.InvalidRequest(new FieldViolation("ignored_checks", $"'{VisibleText.Line(VisibleText.Shortened(unknown))}' is the name of no check; CheckReturn lists them"))
            : [.. ignored];
    }

    // That it is there is judged with what it is for: a return that needs no decision has shown none.
    private static string Evidence(string evidence) => evidence.Length <= MachineReturn.LongestEvidence
        ? evidence
        : throw CampaignFailures.InvalidRequest(new FieldViolation("evidence", $"has {evidence.Length} characters; it must be what the return showed as next.evidence"));
}
