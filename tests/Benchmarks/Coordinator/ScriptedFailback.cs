using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>The least that a coordinator needs of an agent: it accepts every failback, says a few words and succeeds. Nothing is kept, so every other call is not there.</summary>
internal sealed class ScriptedFailback(AgentScripts scripts) : Failback.FailbackBase
{
    private const string EndedAt = "ended at ";

    private static readonly string JournalId = Guid.NewGuid().ToString("D");
    private static long _commits;

    /// <summary>When an agent said its last word, from the explanation that it gave: in the ticks of <see cref="Stopwatch"/>, whose clock all processes of a machine share.</summary>
    public static bool TryReadEnd(string explanation, out long time)
    {
        time = 0;
        return explanation.StartsWith(EndedAt, StringComparison.Ordinal) && long.TryParse(explanation.AsSpan(EndedAt.Length), CultureInfo.InvariantCulture, out time);
    }

    public override Task<Host> GetHost(GetHostRequest request, ServerCallContext context) =>
        Task.FromResult(new Host { Name = ScriptedAgents.NameOf(HostOf(context)), AgentVersion = "scripted", Simulated = true, ReplicationServiceAvailable = true, AgentTime = Now() });

    public override Task<ListVirtualMachinesResponse> ListVirtualMachines(ListVirtualMachinesRequest request, ServerCallContext context)
    {
        var (script, host) = (scripts.Current, HostOf(context));
        var response = new ListVirtualMachinesResponse();
        response.VirtualMachines.AddRange(Enumerable.Range(0, script.MachinesOf(host)).Select(machine => new VirtualMachine
        {
            Id = script.IdOf(host, machine).ToString("D").ToUpperInvariant(),
            Name = string.Create(CultureInfo.InvariantCulture, $"vm-{script.Generation}-{host}-{machine}"),
            Eligible = true,
            DiskBytes = 1L << 30,
        }));
        return Task.FromResult(response);
    }

    public override Task<ClaimCampaignResponse> ClaimCampaign(ClaimCampaignRequest request, ServerCallContext context) => Task.FromResult(new ClaimCampaignResponse
    {
        Journal = new JournalPosition { JournalId = JournalId, Commits = Interlocked.Increment(ref _commits), ClaimToken = Guid.NewGuid().ToString("D") },
    });

    public override async Task InitiateFailback(InitiateFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
    {
        var time = scripts.Next();
        await responseStream.WriteAsync(Say(request, 1, ProgressKind.Accepted, OperationState.Queued));
        await responseStream.WriteAsync(Say(request, 2, ProgressKind.Starting, OperationState.Starting));
        await responseStream.WriteAsync(Say(request, 3, ProgressKind.Started, OperationState.Running));
        if (time > TimeSpan.Zero)
        {
            await AdvanceAsync(request, time, responseStream, context.CancellationToken);
        }

        var last = Say(request, 4, ProgressKind.Concluded, OperationState.Succeeded);
        last.Outcome = new Outcome
        {
            State = OperationState.Succeeded,
            Basis = OutcomeBasis.Job,
            Explanation = string.Create(CultureInfo.InvariantCulture, $"{EndedAt}{Stopwatch.GetTimestamp()}"),
        };
        await responseStream.WriteAsync(last);
    }

    private async Task AdvanceAsync(InitiateFailbackRequest request, TimeSpan time, IServerStreamWriter<FailbackProgress> stream, CancellationToken cancellation)
    {
        var every = scripts.Current.Percent;
        // The first percentages come at any time of their interval, so that as many come in each second.
        var next = every * (Math.Abs(request.OperationId.GetHashCode(StringComparison.Ordinal)) % 1000 / 1000.0);
        var percent = 0;
        for (var left = time; left > TimeSpan.Zero;)
        {
            var wait = next < left ? next : left;
            await Task.Delay(wait, cancellation);
            left -= wait;
            next = every;
            if (left > TimeSpan.Zero && percent < 99)
            {
                var message = Say(request, 3, ProgressKind.Percent, OperationState.Running);
                message.PercentComplete = ++percent;
                await stream.WriteAsync(message, cancellation);
            }
        }
    }

    private static FailbackProgress Say(InitiateFailbackRequest request, long sequence, ProgressKind kind, OperationState state) =>
        new() { OperationId = request.OperationId, Sequence = sequence, EventTime = Now(), Kind = kind, State = state };

    private int HostOf(ServerCallContext context) => scripts.HostAt(context.GetHttpContext().Connection.LocalPort);

    private static Timestamp Now() => Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
}
