using HostAgent.Agent.Configuration;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Hosting;
using HostAgent.HyperV;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Texts;

namespace HostAgent.Agent.Outages;

/// <summary>
/// Prints what the host shows of a machine and what it means during an outage: the proof that must exist before the machine is started on the other host. It only
/// reads; an agent may be running.
/// </summary>
internal static class AgentFacts
{
    /// <summary>The first word of its command line.</summary>
    public const string VerbName = "facts";

    /// <summary>Reads and prints.</summary>
    /// <param name="args">What follows the verb: the machine's GUID, or none for all machines that wait for a next step, then the settings of the agent.</param>
    /// <param name="output">Takes the lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StartException">The command line is wrong, or host or journal cannot be read.</exception>
    public static async Task RunAsync(string[] args, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        var (machine, others) = MachineArgument.Take(args, errors);
        var options = AgentSettings.Read(others, errors);
        StartException.ThrowIfAny(errors);
        try
        {
            var steps = await MachineStep.ReadAsync(options.Data, MachineHistory.Kinds, cancellationToken) ?? [];
            var open = MachineHistory.FindOpen(steps).ToDictionary(work => work.VirtualMachineId, StringComparer.OrdinalIgnoreCase);
            using var deadline = new CancellationTokenSource(options.HostDeadline, time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            await using var connection = await HostConnector.ConnectToLookAsync(options, time, ending.Token);
            var host = new HyperVHost(connection.Namespaces, time);
            if (machine is { } id)
            {
                await PrintAsync(id, isNamed: true);
                return;
            }

            var printed = 0;
            foreach (var work in open.Values)
            {
                printed += await PrintAsync(VirtualMachineId.Parse(work.VirtualMachineId), isNamed: false) ? 1 : 0;
            }

            if (printed == 0)
            {
                await output.WriteLineAsync($"No machine of {options.Host} waits for a next step by the journal in '{options.Data}'.");
            }

            async Task<bool> PrintAsync(VirtualMachineId wanted, bool isNamed)
            {
                var (readTime, work) = (time.GetUtcNow(), open.GetValueOrDefault(wanted.ToString()));
                var reading = await host.ReadMachineAsync(wanted, ending.Token);
                if (reading.Machine is null)
                {
                    return isNamed ? throw new StartException([$"{options.Host} does not have the virtual machine {wanted}; it must be the GUID of one of its machines."]) : false;
                }

                if (!isNamed && OutageAdvice.Judge(work!.Work, reading) is null)
                {
                    return false;
                }

                foreach (var line in StatedFacts.Of(reading, options.Host, readTime, work))
                {
                    await output.WriteLineAsync(VisibleText.Line(line));
                }

                return true;
            }
        }
        catch (JournalException exception)
        {
            throw new StartException([exception.Message], exception);
        }
        catch (Exception exception) when (HostFailures.Of(exception, options.Host) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            throw new StartException([failure.Message], exception);
        }
    }
}
