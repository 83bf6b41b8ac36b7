using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Texts;

namespace HostAgent.Agent.MachineReads;

/// <summary>
/// Remembers when the machines with a replication relationship last started and stopped, and why. It learns from the reads that are made anyway, and is
/// written only when a machine has started or stopped. What it has forgotten makes a cause unknown and nothing worse, so that it is no part of the journal.
/// </summary>
internal sealed partial class RunRecords(string directory, OperationJournal journal, ILogger<RunRecords> logger) : IDisposable
{
    private const int OperationsLookedAt = 50;
    private static readonly string[] Stopping = ["shut-down-guest", "turn-off", "revert-failover"];

    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _path = Path.Combine(directory, "machine-runs.json");
    private Dictionary<string, MachineRun>? _runs;

    /// <summary>Takes a look at a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="booted">When the host was started; null when not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is known of its runs; null for one without a relationship.</returns>
    public async Task<MachineRun?> SeenAsync(VirtualMachine machine, DateTimeOffset? booted, CancellationToken cancellationToken)
        => (await SeenAsync([machine], booted, cancellationToken)).GetValueOrDefault(machine.Id);

    /// <summary>Takes a look at machines, which is written once.</summary>
    /// <param name="machines">The machines.</param>
    /// <param name="booted">When the host was started; null when not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is known of their runs, without those that have no relationship.</returns>
    public async Task<IReadOnlyDictionary<VirtualMachineId, MachineRun>> SeenAsync(IReadOnlyList<VirtualMachine> machines, DateTimeOffset? booted, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<VirtualMachineId, MachineRun>();
        if (machines.All(machine => machine.Relationship is null))
        {
            return seen;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            _runs ??= await ReadAsync(cancellationToken);
            var changed = false;
            foreach (var machine in machines.Where(machine => machine.Relationship is not null))
            {
                var id = machine.Id.ToString();
                var before = _runs.GetValueOrDefault(id) ?? new MachineRun();
                var own = before.IsEndedBy(machine.EnabledState, machine.PowerSince) && await WasStoppedByOwnAsync(id, before.LastStart, cancellationToken);
                var after = before.Seen(machine.EnabledState, machine.PowerSince, booted, own);
                if (after != before)
                {
                    _runs[id] = after;
                    changed = true;
                }

                seen[machine.Id] = after;
            }

            if (changed)
            {
                await WriteAsync(cancellationToken);
            }

            return seen;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // A guest that was asked in vain may shut down later: a failed operation counts as well.
    private async Task<bool> WasStoppedByOwnAsync(string machine, DateTimeOffset? lastStart, CancellationToken cancellationToken)
        => (await journal.ListAsync(new OperationQuery(OperationsLookedAt, VirtualMachineId: machine), cancellationToken))
            .Any(operation => Stopping.Contains(operation.Facts.Kind) && operation.StartTime is { } called && lastStart is { } start && called >= start);

    private async Task<Dictionary<string, MachineRun>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize(await TextFile.ReadAsync(_path, cancellationToken), RunRecordsJson.Default.DictionaryStringMachineRun) ?? [] : [];
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or NotTextException)
        {
            LogNotRead(exception, _path);
            return [];
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OutputFile.WriteAsync(_path, "record of the machines' runs", JsonSerializer.Serialize(_runs!, RunRecordsJson.Default.DictionaryStringMachineRun), cancellationToken);
        }
        catch (OutputFileException exception)
        {
            LogNotWritten(exception, _path);
        }
    }

    [LoggerMessage(EventId = 2620, Level = LogLevel.Warning, Message = "Reading '{Path}' failed: why machines stopped before is not known any more")]
    private partial void LogNotRead(Exception exception, string path);

    [LoggerMessage(EventId = 2621, Level = LogLevel.Warning, Message = "Writing '{Path}' failed: after a restart of the agent it is not known why machines stopped")]
    private partial void LogNotWritten(Exception exception, string path);
}

/// <summary>The stored form: names may be added to, never changed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Dictionary<string, MachineRun>))]
internal sealed partial class RunRecordsJson : JsonSerializerContext;
