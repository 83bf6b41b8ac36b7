using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Guards;

/// <summary>A machine that waits for its next step.</summary>
/// <param name="VirtualMachineId">The machine, upper case.</param>
/// <param name="Name">Its name.</param>
/// <param name="Work">What the host shows.</param>
/// <param name="Since">When it was taken out of production.</param>
/// <param name="Advice">What a person can do.</param>
internal sealed record UnfinishedMachine(string VirtualMachineId, string Name, UnfinishedWork Work, DateTimeOffset Since, string Advice);

/// <summary>
/// Remembers every machine that this agent's operations have taken out of production, and warns when none goes on with it: nobody else may know of the
/// outage when the coordinator is gone.
/// </summary>
internal sealed partial class UnfinishedMachines(
    OperationJournal journal, LiveOperations live, MachineFactsSource facts, UnfinishedCommand command, AgentIdentity identity, TimeProvider time, ILogger<UnfinishedMachines> logger) : IDisposable
{
    private static readonly TimeSpan LookAgainAtFenced = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _looking = new(1);
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.OrdinalIgnoreCase);
    // A machine that was found in production again is not looked at before another step of this agent's.
    private readonly Dictionary<string, long> _settled = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<OpenWork> _open = [];
    private long _readAt = -1;
    private volatile IReadOnlyList<UnfinishedMachine> _shown = [];

    /// <summary>The machines that wait, the longest first. One with a live operation does not wait.</summary>
    public IReadOnlyList<UnfinishedMachine> Shown => [.. _shown.Where(machine => live.On(machine.VirtualMachineId) is null)];

    /// <summary>Looks at the machines that are due, and warns.</summary>
    /// <exception cref="JournalException">The journal could not be read.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            await LookAloneAsync(cancellationToken);
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _looking.Dispose();

    private async Task LookAloneAsync(CancellationToken cancellationToken)
    {
        if (journal.Position.Commits is var commits && commits != _readAt)
        {
            _open = MachineHistory.FindOpen(await journal.ReadStepsAsync(MachineHistory.Kinds, cancellationToken));
            _readAt = commits;
            Forget();
        }

        var shown = new List<UnfinishedMachine>();
        foreach (var open in _open)
        {
            if (_settled.GetValueOrDefault(open.VirtualMachineId, -1) != open.Ordinal
                && live.On(open.VirtualMachineId) is null
                && time.GetUtcNow() - open.LastStep >= open.Patience
                && await LookAtAsync(open, cancellationToken) is { } machine)
            {
                shown.Add(machine);
            }
        }

        _shown = shown;
    }

    // The clock of the steps is the agent's own, but one set back must not hide a machine that was reported.
    private static int DoublingsOf(OpenWork open, DateTimeOffset now) => (int)Math.Floor(Math.Log2(Math.Max(1, (now - open.LastStep) / open.Patience)));

    private async Task<UnfinishedMachine?> LookAtAsync(OpenWork open, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var watched = _watched.GetValueOrDefault(open.VirtualMachineId) is { } known && known.Ordinal == open.Ordinal ? known : new Watched(open.Ordinal);
        if (open.Work == UnfinishedWork.Fenced && watched.LookedAt is { } looked && time.GetElapsedTime(looked) < LookAgainAtFenced)
        {
            return watched.Machine;
        }

        FactsRead read;
        try
        {
            read = await facts.ReadAsync(VirtualMachineId.Parse(open.VirtualMachineId), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(exception, open.Name, open.VirtualMachineId, identity.HostName);
            return null;
        }

        if (!read.Believed)
        {
            // A management service that has just started shows machines without their replication.
            return null;
        }

        if (OutageAdvice.Judge(open.Work, read.Reading) is not { } work)
        {
            _settled[open.VirtualMachineId] = open.Ordinal;
            _watched.Remove(open.VirtualMachineId);
            return null;
        }

        var machine = read.Reading.Machine!;
        var found = new UnfinishedMachine(open.VirtualMachineId, machine.Name, work, open.Since, OutageAdvice.For(work, machine));
        var doublings = DoublingsOf(open, now);
        if (watched.Machine?.Work != work || watched.Doublings < doublings)
        {
            LogUnfinished(found.Name, work, now - open.Since, found.Advice, open.VirtualMachineId, identity.HostName);
        }

        await command.TellAsync(found, open.Ordinal, cancellationToken);
        _watched[open.VirtualMachineId] = watched with { Machine = found, Doublings = doublings, LookedAt = time.GetTimestamp() };
        return found;
    }

    private void Forget()
    {
        var open = _open.Select(machine => machine.VirtualMachineId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var gone in _watched.Keys.Concat(_settled.Keys).Where(id => !open.Contains(id)).ToList())
        {
            _watched.Remove(gone);
            _settled.Remove(gone);
        }
    }

    [LoggerMessage(EventId = 2600, Level = LogLevel.Warning, Message = "Machine {Name} has had no next step and is {Work} for {Waiting}: an outage may be running. {Advice} vm_id {VmId}, host {Host}")]
    private partial void LogUnfinished(string name, UnfinishedWork work, TimeSpan waiting, string advice, string vmId, string host);

    [LoggerMessage(EventId = 2601, Level = LogLevel.Information, Message = "Reading machine {Name}, which waits for its next step, failed; trying again: vm_id {VmId}, host {Host}")]
    private partial void LogNotRead(Exception exception, string name, string vmId, string host);

    private sealed record Watched(long Ordinal)
    {
        public UnfinishedMachine? Machine { get; init; }

        public int Doublings { get; init; }

        public long? LookedAt { get; init; }
    }
}
