using HostAgent.Agent.Configuration;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Texts;
using HostAgent.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using ReplicationMode = HostAgent.HyperV.Replication.ReplicationMode;
using ReplicationState = HostAgent.HyperV.Replication.ReplicationState;
using VirtualMachine = HostAgent.HyperV.Machines.VirtualMachine;

namespace HostAgent.Agent.Outages;

/// <summary>
/// Starts a machine that was stopped here for its way home, when there is no coordinator to do so: a person's statement about the other host stands for what the
/// coordinator would read there. It runs in the place of the agent, on its journal.
/// </summary>
internal sealed class EndOutage
{
    /// <summary>The first word of its command line.</summary>
    public const string VerbName = "end-outage";

    private const int LongestStatement = 500;
    private const int LongestName = 100;
    private const string Usage = "it takes the machine's GUID, --statement TEXT, --name NAME and the settings of the agent";

    private readonly TextWriter _output;
    private readonly TestHooks _hooks;
    private VirtualMachineId? _machine;
    private string? _statement;
    private string? _name;

    private EndOutage(TextWriter output, TestHooks hooks) => (_output, _hooks) = (output, hooks);

    /// <summary>Ends the outage of one machine.</summary>
    /// <param name="args">What follows the verb.</param>
    /// <param name="output">Takes a line for everything that happens.</param>
    /// <param name="hooks">The clock, and a test's own host.</param>
    /// <param name="cancellationToken">Ends the waiting. What the host was told to do goes on, and the agent follows it when it is started again.</param>
    /// <returns>Whether the machine runs.</returns>
    /// <exception cref="StartException">The command line is wrong, the agent's service is running, or host or journal cannot be opened; nothing was done.</exception>
    public static async Task<bool> RunAsync(string[] args, TextWriter output, TestHooks hooks, CancellationToken cancellationToken)
    {
        var command = new EndOutage(output, hooks);
        var errors = new List<string>();
        var options = AgentSettings.Read(command.TakeOwn(args, errors), errors);
        if (errors.Count == 0 && OwnerOnly.ErrorOfDirectory(options.Data) is { } exposed)
        {
            errors.Add($"{AgentOptions.Section}:{nameof(AgentOptions.Data)}: {exposed}.");
        }

        StartException.ThrowIfAny(errors);
        RequireOwnJournal(options.Data);
        return await command.RunAsync(options, cancellationToken);
    }

    // Takes the switches that are its own, and leaves the agent's.
    private string[] TakeOwn(string[] args, List<string> errors)
    {
        var (machine, rest) = MachineArgument.Take(args, errors);
        var others = new List<string>();
        for (var index = 0; index < rest.Length; index++)
        {
            if (rest[index] is "--statement" or "--name")
            {
                var value = index + 1 < rest.Length ? rest[++index] : string.Empty;
                _ = rest[index - 1] == "--name" ? _name = value : _statement = value;
            }
            else
            {
                others.Add(rest[index]);
            }
        }

        _machine = machine;
        if (machine is null && errors.Count == 0)
        {
            errors.Add($"The machine is missing; {Usage}.");
        }

        Require("--statement", _statement, LongestStatement, "how you know that the machine on the other host is off and not failed over, or that the other host is powered off or cut from the network, and that this stays so", errors);
        Require("--name", _name, LongestName, "who you are", errors);
        return [.. others];
    }

    private static void Require(string option, string? value, int longest, string what, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            errors.Add($"{option} is missing; it must say {what}.");
        }
        else if (value.StartsWith("--", StringComparison.Ordinal))
        {
            errors.Add($"{option} is '{VisibleText.Line(value)}', which is a switch; it must say {what}.");
        }
        else if (value.Length > longest || VisibleText.Line(value) != value)
        {
            errors.Add($"{option} has {value.Length} characters, or some that cannot be seen; it must have at most {longest} visible ones on one line.");
        }
    }

    // The service follows the same machines on the same journal. Another journal would hide from it what is done here.
    private static void RequireOwnJournal(string directory)
    {
        if (!new JournalFiles(directory).AnyExists)
        {
            throw new StartException([$"HostAgent:Data is '{directory}', which has no journal; it must be the directory of this host's agent."]);
        }

        try
        {
            if (DataDirectoryLock.IsHeld(directory, JournalFiles.LockOwner))
            {
                throw new StartException([
                    $"The agent's service is running on '{directory}': stop it first ({(OperatingSystem.IsWindows() ? $"Stop-Service {AgentApplication.ServiceName}" : "systemctl stop, or end its process")}) and start it afterwards. That is safe: the host goes on with all it does, and the agent follows it again."]);
            }
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartException([$"The lock in '{directory}' cannot be read: {exception.Message}"], exception);
        }
    }

    private async Task<bool> RunAsync(AgentOptions options, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddAgent(options, new AgentIdentity(options.Host, AgentApplication.VersionText(), _hooks.Time.GetUtcNow()), _hooks);
        services.AddSingleton<OwnSteps>();
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<AgentResources>().OpenAsync(cancellationToken);
        // Named before the first step, so that the container closes them in their order.
        var (journal, operations) = (provider.GetRequiredService<OperationJournal>(), provider.GetRequiredService<HostOperations>());
        try
        {
            // What others have left in the journal is the service's to go on with: only this machine is touched.
            var left = await journal.ListAsync(new OperationQuery(1, VirtualMachineId: _machine!.Value.ToString(), LiveOnly: true), cancellationToken);
            if (left is [var live])
            {
                await SayAsync($"Operation {live.Facts.OperationId} ({live.Facts.Kind}) on the machine is not over in the journal: start the agent's service, wait until 'HostAgent.Agent facts' shows no job, stop it and try again. Nothing was done.");
                return false;
            }

            return await StartHereAsync(options.Host, provider, cancellationToken);
        }
        catch (OperationRefusedException exception)
        {
            await SayAsync($"Refused: {exception.Failure.Message}");
            return false;
        }
        catch (JournalException exception)
        {
            await SayAsync($"Failed: {exception.Message} Look at the machine with 'HostAgent.Agent facts {_machine}'.");
            return false;
        }
        catch (Exception exception) when (HostFailures.Of(exception, options.Host) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            await SayAsync($"Failed: {failure.Message}");
            return false;
        }
        finally
        {
            operations.Drain();
        }
    }

    private async Task<bool> StartHereAsync(string hostName, IServiceProvider provider, CancellationToken cancellationToken)
    {
        var facts = provider.GetRequiredService<MachineFactsSource>();
        var read = await facts.ReadAsync(_machine!.Value, cancellationToken);
        if (read.Reading.Machine is not { } machine)
        {
            throw new StartException([$"{hostName} does not have the virtual machine {_machine}; it must be the GUID of one of its machines."]);
        }

        var other = OutageAdvice.OtherHostOf(machine) ?? "the other host of its replication, which its settings do not name";
        await SayAsync($"The statement must be about machine {machine.Name} ({machine.Id}) on {other}: that it is off there and not failed over, as 'HostAgent.Agent facts {machine.Id}' shows there, or that {other} is powered off or cut from the network; and that this stays so. If it is not true, two copies will run.");
        await SayAsync($"{_name} states: {_statement}");
        if (WhyNot(read, machine, hostName) is { } why)
        {
            await SayAsync(why);
            return false;
        }

        if (machine.ReplicationState == ReplicationState.SyncedReplicationComplete)
        {
            if (!await StepAsync(OperationKind.CancelPlannedFailover, read, other, provider, cancellationToken))
            {
                return false;
            }

            // The ticket of the start rests on a read of its own: fifteen seconds may be over.
            read = await facts.ReadAsync(_machine.Value, cancellationToken);
        }

        return await StepAsync(OperationKind.StartMachine, read, other, provider, cancellationToken);
    }

    private static string? WhyNot(FactsRead read, VirtualMachine machine, string hostName) => !read.Reading.ServiceAnswers
        ? $"Refused: the replication service of {hostName} does not answer, so that what it shows of the machine proves nothing. Nothing was done."
        : machine is
        {
            EnabledState: EnabledState.Off,
            ReplicationMode: ReplicationMode.Primary,
            ReplicationState: ReplicationState.SyncedReplicationComplete or ReplicationState.Replicating,
        }
            ? null
            : $"Refused: machine {machine.Name} on {hostName} is {StatedFacts.StateOf(machine)}. It must be Off (3) and Primary (1), and either SyncedReplicationComplete (4), whose planned failover is cancelled first, or Replicating (3). Nothing was done.";

    private async Task<bool> StepAsync(OperationKind kind, FactsRead read, string other, IServiceProvider provider, CancellationToken cancellationToken)
    {
        var peer = new PeerState { Host = other, Present = true, StatedOff = true, Statement = $"{_name}: {_statement}" };
        var request = provider.GetRequiredService<OwnSteps>().OnStatement(kind, _machine!.Value, read.Id, peer, $"{VerbName} {_name}: {_statement}");
        await provider.GetRequiredService<HostOperations>().AcceptAsync(request, cancellationToken);
        OperationEvent? last = null;
        await foreach (var happened in provider.GetRequiredService<OperationStreams>().WatchAsync(request.OperationId, 0, cancellationToken))
        {
            if (happened.Kind != OperationEventKind.Percent)
            {
                await SayAsync($"{request.Kind.Name}: {happened.Explanation}");
            }

            last = happened;
        }

        return last?.State.IsSuccess() == true;
    }

    private Task SayAsync(string line) => _output.WriteLineAsync(VisibleText.Line(line));
}
