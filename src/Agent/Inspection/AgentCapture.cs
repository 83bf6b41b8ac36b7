using System.Globalization;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Hosting;
using HostAgent.HyperV;
using HostAgent.HyperV.Captures;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Inspection;

/// <summary>
/// Records into a file what the host shows of one machine, and its changes until it is interrupted, while a person works on a throw-away
/// machine. It reads and invokes nothing; an agent may be running.
/// </summary>
internal sealed class AgentCapture
{
    /// <summary>The first word of its command line.</summary>
    public const string VerbName = "capture";

    private const string Usage = "it takes --vm GUID --output FILE, then --anonymize, --for d.hh:mm:ss and the settings of the agent";

    private readonly TimeProvider _time;
    private VirtualMachineId? _machine;
    private string? _output;
    private bool _anonymize;
    private TimeSpan? _duration;

    private AgentCapture(TimeProvider time) => _time = time;

    /// <summary>Captures.</summary>
    /// <param name="args">What follows the verb.</param>
    /// <param name="output">Takes a line for what was written.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the capture; what was recorded is in the file.</param>
    /// <exception cref="StartException">The command line is wrong, or the host cannot be read; nothing was written.</exception>
    public static async Task RunAsync(string[] args, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var capture = new AgentCapture(time);
        var errors = new List<string>();
        var options = AgentSettings.Read(capture.TakeOwn(args, errors), errors);
        StartException.ThrowIfAny(errors);
        try
        {
            await capture.RecordAsync(options, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync("The capture was interrupted before the state was complete.");
        }
    }

    // Takes the switches that are its own, and leaves the agent's.
    private string[] TakeOwn(string[] args, List<string> errors)
    {
        var others = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : string.Empty;
            switch (args[i])
            {
                case "--anonymize":
                    _anonymize = true;
                    break;
                case "--vm" when VirtualMachineId.TryParse(value, out var id):
                    _machine = id;
                    i++;
                    break;
                case "--vm":
                    errors.Add($"--vm is '{value}'; it must be the GUID of a virtual machine.");
                    i++;
                    break;
                case "--output":
                    _output = value;
                    i++;
                    break;
                case "--for" when TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var duration) && duration >= TimeSpan.Zero:
                    _duration = duration;
                    i++;
                    break;
                case "--for":
                    errors.Add($"--for is '{value}'; it must be a time (d.hh:mm:ss).");
                    i++;
                    break;
                default:
                    others.Add(args[i]);
                    break;
            }
        }

        if (_machine is null && errors.Count == 0)
        {
            errors.Add($"--vm is missing; {Usage}.");
        }

        if (string.IsNullOrWhiteSpace(_output))
        {
            errors.Add($"--output is missing; {Usage}.");
        }
        else if (File.Exists(_output))
        {
            errors.Add($"--output is '{_output}', which exists; it must be a file that does not.");
        }

        return [.. others];
    }

    private async Task RecordAsync(AgentOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.HostDeadline, _time);
        await using var connection = await HostConnector.ConnectToLookAsync(options, _time, deadline.Token);
        var recorder = new CaptureRecorder(connection.Namespaces, _machine!.Value, _time);
        var anonymizer = _anonymize ? new CaptureAnonymizer() : null;
        try
        {
            if (await new HyperVHost(connection.Namespaces, _time).FindVirtualMachineAsync(_machine.Value, cancellationToken) is null)
            {
                throw new StartException([$"{options.Host} does not have the virtual machine {_machine}; --vm must be the GUID of one of its machines."]);
            }

            var state = new List<CaptureRecord> { new CaptureStart(_machine.Value.Value, _time.GetUtcNow(), IsAnonymized: false) };
            await foreach (var record in recorder.RecordStateAsync(cancellationToken))
            {
                state.Add(record);
            }

            await using var file = new StreamWriter(NewFile(_output!));
            await WriteAsync(file, anonymizer, state);

            await output.WriteLineAsync($"The state of {_machine} is in '{_output}'. Changes are added until this is interrupted{(_duration is { } limit ? $", at most for {limit:c}" : string.Empty)}.");
            var changes = await WriteChangesAsync(recorder, file, anonymizer, cancellationToken);
            await output.WriteLineAsync($"{changes} changes were recorded.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"'{_output}' cannot be written: {exception.Message}"], exception);
        }
        catch (Exception exception) when (HostFailures.Of(exception, options.Host) is { } failure)
        {
            throw new StartException([failure.Message], exception);
        }
    }

    // A capture names hosts and machines, so it is for its owner alone.
    private static FileStream NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private async Task<int> WriteChangesAsync(CaptureRecorder recorder, StreamWriter file, CaptureAnonymizer? anonymizer, CancellationToken cancellationToken)
    {
        using var over = _duration is { } limit ? new CancellationTokenSource(limit, _time) : new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        var changes = 0;
        try
        {
            await foreach (var change in recorder.RecordChangesAsync(end.Token))
            {
                await WriteAsync(file, anonymizer, [change]);
                changes++;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // It lasts until it is interrupted.
        }

        return changes;
    }

    // A capture that is killed has all lines before.
    private static async Task WriteAsync(StreamWriter file, CaptureAnonymizer? anonymizer, IReadOnlyList<CaptureRecord> records)
    {
        foreach (var record in anonymizer?.Anonymize(records) ?? records)
        {
            await file.WriteLineAsync(CaptureText.Write(record));
        }

        await file.FlushAsync(CancellationToken.None);
    }
}
