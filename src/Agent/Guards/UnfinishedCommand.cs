using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Hosting;
using HostAgent.Hosting.Programs;
using HostAgent.Texts;

namespace HostAgent.Agent.Guards;

/// <summary>
/// Runs the site's own program for a machine that waits for its next step: nobody may read the log of a host whose coordinator is gone. It is run once for a machine
/// and occasion, which is its last step; that is written down before, so that a restart does not run it again. One that was ended by a restart is not run again either.
/// </summary>
internal sealed partial class UnfinishedCommand(AgentOptions options, AgentIdentity identity, TimeProvider time, ILogger<UnfinishedCommand> logger) : BackgroundService
{
    private const int AtOnce = 4;

    private readonly Channel<Occasion> _waiting = Channel.CreateUnbounded<Occasion>();
    private readonly string _path = Path.Combine(options.Data, "unfinished-commands.json");
    private Dictionary<string, long>? _told;

    /// <summary>Has the program run for a machine, unless it was for the same occasion. Waits for the record of it on the disk and for nothing else.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="lastStep">The journal's number of its last step.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task TellAsync(UnfinishedMachine machine, long lastStep, CancellationToken cancellationToken)
    {
        if (options.UnfinishedCommand is null)
        {
            return;
        }

        _told ??= await ReadAsync(cancellationToken);
        if (_told.GetValueOrDefault(machine.VirtualMachineId) == lastStep)
        {
            return;
        }

        var told = new Dictionary<string, long>(_told) { [machine.VirtualMachineId] = lastStep };
        try
        {
            await OutputFile.WriteAsync(_path, "record of the programs that were run for machines", JsonSerializer.Serialize(told, UnfinishedCommandJson.Default.DictionaryStringInt64), cancellationToken);
        }
        catch (OutputFileException exception)
        {
            // It would be run again after each restart, whatever it does.
            LogNotWritten(exception, _path, machine.Name, machine.VirtualMachineId, identity.HostName);
            return;
        }

        _told = told;
        _waiting.Writer.TryWrite(new Occasion(machine, time.GetUtcNow()));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Parallel.ForEachAsync(_waiting.Reader.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, RunAsync);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The agent is stopped, and what it runs with it.
        }
    }

    private async ValueTask RunAsync(Occasion occasion, CancellationToken cancellationToken)
    {
        var (program, machine) = (new LocalProgram(options.UnfinishedCommand!, options.UnfinishedCommandArguments), occasion.Machine);
        LogRuns(program.Path, machine.Name, machine.Work, machine.VirtualMachineId, identity.HostName);
        var end = await program.RunAsync(
            new Dictionary<string, string>
            {
                ["FAILBACK_HOST"] = identity.HostName,
                ["FAILBACK_VM_ID"] = machine.VirtualMachineId,
                ["FAILBACK_VM_NAME"] = VisibleText.Line(machine.Name),
                ["FAILBACK_WORK"] = JsonNamingPolicy.SnakeCaseUpper.ConvertName(machine.Work.ToString()),
                ["FAILBACK_SINCE"] = machine.Since.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                ["FAILBACK_WAITING_SECONDS"] = Math.Max(0, (long)(occasion.Time - machine.Since).TotalSeconds).ToString(CultureInfo.InvariantCulture),
                ["FAILBACK_ADVICE"] = machine.Advice,
            },
            options.UnfinishedCommandDeadline, time, cancellationToken);
        if (end.Code == 0)
        {
            LogEndedWell(program.Path, end.Output, machine.VirtualMachineId, identity.HostName);
        }
        else
        {
            LogEndedBadly(program.Path, end.Code, end.Output, machine.VirtualMachineId, identity.HostName);
        }
    }

    private async Task<Dictionary<string, long>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize(await TextFile.ReadAsync(_path, cancellationToken), UnfinishedCommandJson.Default.DictionaryStringInt64) ?? [] : [];
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or NotTextException)
        {
            // Rather once too often than never.
            LogNotRead(exception, _path);
            return [];
        }
    }

    [LoggerMessage(EventId = 2630, Level = LogLevel.Warning, Message = "Running '{Program}', because machine {Name} is {Work} and has had no next step: vm_id {VmId}, host {Host}")]
    private partial void LogRuns(string program, string name, UnfinishedWork work, string vmId, string host);

    [LoggerMessage(EventId = 2631, Level = LogLevel.Information, Message = "'{Program}' ended with code 0: {Output} vm_id {VmId}, host {Host}")]
    private partial void LogEndedWell(string program, string output, string vmId, string host);

    [LoggerMessage(EventId = 2632, Level = LogLevel.Error, Message = "'{Program}' ended with code {Code}, and is not run again before the machine's next step: {Output} vm_id {VmId}, host {Host}")]
    private partial void LogEndedBadly(string program, int? code, string output, string vmId, string host);

    [LoggerMessage(EventId = 2633, Level = LogLevel.Error, Message = "Writing '{Path}' failed: the program for machine {Name} is not run; trying again in a minute: vm_id {VmId}, host {Host}")]
    private partial void LogNotWritten(Exception exception, string path, string name, string vmId, string host);

    [LoggerMessage(EventId = 2634, Level = LogLevel.Warning, Message = "Reading '{Path}' failed: programs may be run again for machines that wait for their next step")]
    private partial void LogNotRead(Exception exception, string path);

    private sealed record Occasion(UnfinishedMachine Machine, DateTimeOffset Time);
}

/// <summary>The stored form: the machines with the journal's number of the step after which the program was run.</summary>
[JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class UnfinishedCommandJson : JsonSerializerContext;
