using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Drills;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting.Paging;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>Test failovers of single machines. The contract is protos/hyperv/campaigns/v1/drills.proto.</summary>
internal sealed class DrillsService(MachineDrills drills, KeptStates<DrillRun> store, ProofListing listing, ProofTable proofs, GuestCheck check, TimeProvider time) : Contracts.Campaigns.V1.Drills.DrillsBase
{
    private const int MaxHostCallsPerPeer = 128;
    private const int LongestSwitch = 256;

    private static readonly TimeSpan LongestSoak = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestProof = TimeSpan.FromDays(3650);

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<Drill> StartDrill(StartDrillRequest request, ServerCallContext context)
    {
        var errors = new List<FieldViolation>();
        var plan = MachineRequests.Plan(new ReturnPlan(), request.VirtualMachine, request.Check, check, errors);
        var soak = MachineRequests.Time("soak_time", request.SoakTime, TimeSpan.Zero, TimeSpan.Zero, LongestSoak, errors);
        var validFor = MachineRequests.Time("proof_valid_for", request.ProofValidFor, Campaigns.Spec.TestFailoverSpec.DefaultProofValidFor, TimeSpan.FromHours(1), LongestProof, errors);
        if (request.VirtualSwitch.Length > LongestSwitch)
        {
            errors.Add(new FieldViolation("virtual_switch", $"has {request.VirtualSwitch.Length} characters; at most {LongestSwitch} are allowed"));
        }

        if (request.VirtualSwitch.Length == 0 && plan is { ExpectedAddresses: not null } or { AnyAddress: true })
        {
            errors.Add(new FieldViolation("check", "expects addresses, and the test machine is on no network: name virtual_switch"));
        }

        if (errors.Count > 0)
        {
            throw CampaignFailures.InvalidRequest(errors);
        }

        var origin = CommandOrigin.Of(context, "drills", request);
        var started = await drills.CreateAsync(
            new WantedDrill(request.VirtualMachine, request.Host, plan, soak, request.VirtualSwitch, validFor), AuditEntries.Of(time.GetUtcNow(), origin, refusal: null, isChange: true), origin.Caller.Name, context.CancellationToken);
        return ToMessage(started.Watch().View);
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<Drill> GetDrill(GetDrillRequest request, ServerCallContext context)
        => ToMessage((await drills.FindAsync(request.Name, context.CancellationToken)).Watch().View);

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ListDrillsResponse> ListDrills(ListDrillsRequest request, ServerCallContext context)
    {
        var (found, next) = await MachineRequests.PageAsync(store, request, request.PageSize, request.PageToken, request.LiveOnly, context.CancellationToken);
        return new ListDrillsResponse { Drills = { found.Select(run => ToMessage(new DrillView(run, ""))) }, NextPageToken = next };
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task WatchDrill(WatchDrillRequest request, IServerStreamWriter<Drill> responseStream, ServerCallContext context)
    {
        var watched = await drills.FindAsync(request.Name, context.CancellationToken);
        while (true)
        {
            var (view, next) = watched.Watch();
            await responseStream.WriteAsync(ToMessage(view), context.CancellationToken);
            if (view.Run.EndTime is not null)
            {
                return;
            }

            await next.WaitAsync(context.CancellationToken);
        }
    }

    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<Drill> EndDrill(EndDrillRequest request, ServerCallContext context)
    {
        _ = MachineRequests.Reason(request.Reason);
        var found = await drills.FindAsync(request.Name, context.CancellationToken);
        return ToMessage(found.Watch().View is { Run.EndTime: not null } ended ? ended : await found.EndAsync(CommandOrigin.Of(context, request.Name, request), request.CancelStep ? request.Reason : null, context.CancellationToken));
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    public override async Task GetDrillAudit(GetDrillAuditRequest request, IServerStreamWriter<Contracts.Campaigns.V1.AuditRecord> responseStream, ServerCallContext context)
    {
        var found = await drills.FindAsync(request.Name, context.CancellationToken);
        await MachineRequests.StreamAuditAsync(request.Name, store.ReadAuditAsync(found.Watch().View.Run.Uid, context.CancellationToken), responseStream, context.CancellationToken);
    }

    [AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxHostCallsPerPeer)]
    public override async Task<ListProofsResponse> ListProofs(ListProofsRequest request, ServerCallContext context)
    {
        foreach (var state in request.States.Where(state => state == ProofState.Unspecified || !System.Enum.IsDefined(state)))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("states", $"has {(int)state}; it must be VALID, EXPIRED, FAILED or MISSING"));
        }

        var size = PageTokens.Size(request.PageSize, PageSize.Operations);
        var after = PageTokens.Read(request, request.PageToken) is { } place && Guid.TryParseExact(place, "D", out var last) ? last : (Guid?)null;
        var listed = await listing.ListAsync(request.States.ToHashSet(), context.CancellationToken);
        var answer = new ListProofsResponse { SilentHosts = { listed.SilentHosts } };
        foreach (var one in listed.Machines.Where(one => after is not { } passed || one.Machine.CompareTo(passed) > 0))
        {
            if (answer.Proofs.Count == size)
            {
                answer.NextPageToken = PageTokens.Write(request, answer.Proofs[^1].VirtualMachineId);
                break;
            }

            var known = one.State == ProofState.Missing ? null : await proofs.FindAsync(one.Machine, context.CancellationToken);
            var name = one.Name.Length > 0 ? one.Name : (known?.Passed ?? known?.Failed)?.MachineName ?? "";
            if (request.VirtualMachine.Length == 0 || NameText.Same(name, request.VirtualMachine) || (Guid.TryParse(request.VirtualMachine, out var wanted) && wanted == one.Machine))
            {
                answer.Proofs.Add(ProofMapper.ToMessage(one, name, known));
            }
        }

        return answer;
    }

    private static Drill ToMessage(DrillView view)
    {
        var run = view.Run;
        var message = new Drill
        {
            Name = ResourceNames.Drill(run.Uid),
            VirtualMachineId = run.Machine.ToString("D"),
            VirtualMachineName = run.MachineName,
            Host = run.Host,
            State = (run.Verdict, run.EndTime) switch
            {
                (null, _) => DrillState.Testing,
                (DrillVerdict.Passed, null) when run.InHand is null && run.Steps is [.., { Kind: DrillStepKind.VerifyGuest }] => DrillState.Testing,
                (_, null) => DrillState.CleaningUp,
                (DrillVerdict.Passed, _) => DrillState.Passed,
                (DrillVerdict.EndedEarly, _) => DrillState.EndedEarly,
                _ => DrillState.Failed,
            },
            TestMachineId = run.TestMachine?.ToString("D") ?? "",
            Explanation = run.EndTime is null && view.Progress.Length > 0 ? view.Progress : run.Explanation,
            CreateTime = run.CreateTime.ToTimestamp(),
            EndTime = run.EndTime?.ToTimestamp(),
            CreatedBy = run.CreatedBy,
            Version = run.Version,
            VirtualSwitch = run.Switch ?? "",
            Owner = run.Owner?.Name ?? "",
            Step = run.InHand is { } step ? StepOf(step, view.Progress) : null,
        };
        message.Steps.Add(run.Steps.Select(made => StepOf(made, made.Explanation)));
        return message;
    }

    private static ReturnStep StepOf(DrillStep step, string explanation) => new()
    {
        Number = step.Number,
        Kind = UpperSnake.Of(step.Kind),
        OperationId = step.OperationId?.ToString("D") ?? "",
        StartTime = step.StartTime.ToTimestamp(),
        EndTime = step.EndTime?.ToTimestamp(),
        Succeeded = step.Succeeded,
        Explanation = explanation,
    };
}
