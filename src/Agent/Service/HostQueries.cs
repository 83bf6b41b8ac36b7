using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Agent.Disks;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Documents;
using HostAgent.Hosting.Paging;
using HostAgent.HyperV;
using HostAgent.HyperV.VirtualMachines;
using Host = HostAgent.Contracts.Failback.V1.Host;
using Machine = HostAgent.HyperV.Machines.VirtualMachine;

namespace HostAgent.Agent.Service;

/// <summary>Answers the methods that only look at the host.</summary>
internal sealed class HostQueries(
    HyperVHost hyperV,
    DiskInventory disks,
    HostConnection connection,
    JournalLoss loss,
    OperationJournal journal,
    HostOperations operations,
    UnfinishedMachines unfinished,
    HostCallDeadline deadline,
    AgentIdentity identity,
    TimeProvider time)
{
    private const int MaxPatternLength = 256;

    /// <summary>Answers CheckReadiness.</summary>
    public async Task<CheckReadinessResponse> CheckReadinessAsync(CheckReadinessRequest request, ServerCallContext context)
    {
        var errors = new FieldErrors();
        var id = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
        var selector = RecoveryPointSelectors.Read(request.RecoveryPoint, errors);
        errors.ThrowIfAny();
        var report = await deadline.AskAsync(token => hyperV.CheckReadinessAsync(id, selector, token), context);
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
        (response.Verdict, response.VerdictExplanation) = MachineMessages.VerdictOf(machine, hyperV.Rules.WhyIneligible(machine));
        response.Checks.Add(report.Checks.Select(MachineMessages.Of));
        response.Obstacles.Add(report.Obstacles(request.IgnoredChecks).Select(check => check.Id));
        return response;
    }

    /// <summary>Answers ListVirtualMachines.</summary>
    public async Task<ListVirtualMachinesResponse> ListVirtualMachinesAsync(ListVirtualMachinesRequest request, ServerCallContext context)
    {
        var errors = new FieldErrors();
        var size = PageTokens.Size(request.PageSize, PageSize.VirtualMachines, errors);
        if (request.NamePattern.Length > MaxPatternLength)
        {
            errors.Add("name_pattern", $"has {request.NamePattern.Length} characters; it must have at most {MaxPatternLength}");
        }

        var filter = $"machines|{request.NamePattern}";
        var cursor = PageTokens.Read(request.PageToken, filter, errors);
        errors.ThrowIfAny();
        var all = await deadline.AskAsync(hyperV.ListVirtualMachinesAsync, context);
        var sizes = await disks.SizesAsync(all, context.CancellationToken);
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
    }

    /// <summary>Answers ListRecoveryPoints.</summary>
    public async Task<ListRecoveryPointsResponse> ListRecoveryPointsAsync(ListRecoveryPointsRequest request, ServerCallContext context)
    {
        var errors = new FieldErrors();
        var id = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
        errors.ThrowIfAny();
        var points = await deadline.AskAsync(
            async token => await hyperV.FindVirtualMachineAsync(id, token) is null
                ? throw Failures.Of(ReadinessRefusals.NotFound(id.ToString(), identity.HostName))
                : await hyperV.ListRecoveryPointsAsync(id, token),
            context);
        var response = new ListRecoveryPointsResponse();
        response.RecoveryPoints.Add(points.Select(MachineMessages.Of));
        return response;
    }

    /// <summary>Answers GetHost.</summary>
    public async Task<Host> GetHostAsync(ServerCallContext context)
    {
        var status = await deadline.AskAsync(hyperV.DescribeAsync, context);
        var host = new Host
        {
            Name = status.Name ?? identity.HostName,
            AgentVersion = identity.Version,
            Simulated = connection.IsSimulated,
            ReplicationServiceAvailable = status.ReplicationServiceAvailable,
            RecoveryServerEnabled = status.RecoveryServerEnabled ?? false,
            MaxConcurrentFailbacks = operations.Queue.Limit,
            RunningFailbacks = operations.Queue.Running,
            QueuedFailbacks = operations.Queue.Waiting,
            AgentTime = time.GetUtcNow().ToTimestamp(),
            StartTime = identity.StartTime.ToTimestamp(),
            Draining = operations.IsDraining,
            Journal = OperationMessages.Of(journal.Position),
        };
        if (connection.CountInitiations() is { } initiations)
        {
            host.SimulatedInitiations = initiations;
        }

        if (loss.Newest is { } damage)
        {
            host.JournalDamage = new Contracts.Failback.V1.JournalDamage
            {
                FindTime = damage.FindTime.ToTimestamp(),
                SetAside = damage.SetAside,
                Explanation = damage.Explanation,
                OperationsMissing = damage.OperationsMissing,
            };
        }

        host.Unfinished.Add(unfinished.Shown.Select(machine => new Contracts.Failback.V1.UnfinishedMachine
        {
            VirtualMachineId = machine.VirtualMachineId,
            Name = machine.Name,
            SinceTime = machine.Since.ToTimestamp(),
            What = (Contracts.Failback.V1.UnfinishedWork)machine.Work,
            Advice = machine.Advice,
        }));
        return host;
    }

    private Contracts.Failback.V1.VirtualMachine Message(Machine machine, long? diskBytes) => MachineMessages.Of(
        machine, diskBytes, hyperV.Rules.WhyIneligible(machine), operations.LiveOn(machine.Id.ToString())?.Snapshot.Facts.OperationId);

    private static string PlaceOf(Machine machine) => $"{machine.Name.ToUpperInvariant()}\n{machine.Id}";
}
