using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Documents;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using Host = HostAgent.Contracts.Failback.V1.Host;
using Machine = HostAgent.HyperV.VirtualMachines.VirtualMachine;

namespace HostAgent.Agent.Service;

/// <content>The methods that only look at the host.</content>
internal sealed partial class FailbackService
{
    private const int LongestPattern = 256;

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxChecksPerPeer)]
    public override Task<CheckReadinessResponse> CheckReadiness(CheckReadinessRequest request, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var errors = new FieldErrors();
            var id = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
            var selector = RecoveryPointSelectors.Read(request.RecoveryPoint, errors);
            errors.ThrowIfAny();
            var report = await AskHostAsync(token => agent.Host.CheckReadinessAsync(id, selector, token), context);
            if (report.VirtualMachine is not { } machine)
            {
                throw Failures.Of(ReadinessRefusals.NotFound(id.ToString(), identity.HostName));
            }

            var response = new CheckReadinessResponse
            {
                Ready = report.Ready,
                CheckTime = report.Time.ToTimestamp(),
                VirtualMachine = Message(machine, report.DiskBytes),
            };
            response.Checks.Add(report.Checks.Select(MachineMessages.Of));
            return response;
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ListVirtualMachinesResponse> ListVirtualMachines(ListVirtualMachinesRequest request, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var errors = new FieldErrors();
            var size = PageTokens.Size(request.PageSize, standard: 500, most: 2000, errors);
            if (request.NamePattern.Length > LongestPattern)
            {
                errors.Add("name_pattern", $"has {request.NamePattern.Length} characters, at most {LongestPattern} are allowed");
            }

            var filter = $"machines|{request.NamePattern}";
            var cursor = PageTokens.Read(request.PageToken, filter, errors);
            errors.ThrowIfAny();
            var all = await AskHostAsync(agent.Host.ListVirtualMachinesAsync, context);
            var sizes = await agent.Disks.SizesAsync(all, context.CancellationToken);
            var glob = request.NamePattern.Length == 0 ? null : new Glob(request.NamePattern);
            // A machine's place is its key, so that pages stay right while machines come and go.
            var page = all
                .Where(machine => glob is null || glob.Matches(machine.Name))
                .Select(machine => (Key: PlaceOf(machine), Machine: machine))
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .SkipWhile(entry => cursor is not null && string.CompareOrdinal(entry.Key, cursor) <= 0)
                .Take(size + 1)
                .ToList();
            var response = new ListVirtualMachinesResponse();
            response.VirtualMachines.Add(page.Take(size).Select(entry => Message(entry.Machine, sizes(entry.Machine.Id))));
            if (page.Count > size)
            {
                response.NextPageToken = PageTokens.Write(filter, page[size - 1].Key);
            }

            return response;
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxChecksPerPeer)]
    public override Task<ListRecoveryPointsResponse> ListRecoveryPoints(ListRecoveryPointsRequest request, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var errors = new FieldErrors();
            var id = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
            errors.ThrowIfAny();
            var points = await AskHostAsync(
                async token => await agent.Host.FindVirtualMachineAsync(id, token) is null
                    ? throw Failures.Of(ReadinessRefusals.NotFound(id.ToString(), identity.HostName))
                    : await agent.Host.ListRecoveryPointsAsync(id, token),
                context);
            var response = new ListRecoveryPointsResponse();
            response.RecoveryPoints.Add(points.Select(MachineMessages.Of));
            return response;
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<Host> GetHost(GetHostRequest request, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var status = await AskHostAsync(agent.Host.DescribeAsync, context);
            var host = new Host
            {
                Name = status.Name ?? identity.HostName,
                AgentVersion = identity.Version,
                Simulated = agent.Connection.IsSimulated,
                ReplicationServiceAvailable = status.ReplicationServiceAvailable,
                RecoveryServerEnabled = status.RecoveryServerEnabled ?? false,
                MaxConcurrentFailbacks = Operations.Queue.Limit,
                RunningFailbacks = Operations.Queue.Running,
                QueuedFailbacks = Operations.Queue.Waiting,
                AgentTime = time.GetUtcNow().ToTimestamp(),
                StartTime = agent.StartTime.ToTimestamp(),
                Draining = Operations.IsDraining,
                Journal = OperationMessages.Of(agent.Journal.Position),
            };
            if (agent.Connection.CountInitiations() is { } initiations)
            {
                host.SimulatedInitiations = initiations;
            }

            if (agent.JournalLoss.Newest is { } damage)
            {
                host.JournalDamage = new Contracts.Failback.V1.JournalDamage
                {
                    FindTime = damage.FindTime.ToTimestamp(),
                    SetAside = damage.SetAside,
                    Explanation = damage.Explanation,
                    OperationsMissing = damage.OperationsMissing,
                };
            }

            return host;
        });

    private Contracts.Failback.V1.VirtualMachine Message(Machine machine, long? diskBytes) => MachineMessages.Of(
        machine, diskBytes, agent.Host.Rules.WhyIneligible(machine), Operations.LiveOn(machine.Id.ToString())?.Snapshot.Facts.OperationId);

    private static string PlaceOf(Machine machine) => $"{machine.Name.ToUpperInvariant()}\n{machine.Id}";
}
