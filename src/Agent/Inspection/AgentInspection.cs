using System.Net;
using System.Net.Sockets;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Hosting;
using HostAgent.HyperV;
using HostAgent.HyperV.Sessions;

namespace HostAgent.Agent.Inspection;

/// <summary>
/// Does everything that an agent does at its start short of listening, and changes nothing: for an operator before the
/// installation or during an incident. Every part is checked, whatever the others have shown, also while an agent is running.
/// </summary>
internal sealed class AgentInspection(AgentOptions options, TimeProvider time)
{
    /// <summary>The first word of its command line.</summary>
    public const string VerbName = "inspect";

    /// <summary>Inspects, and writes a line for each finding as soon as it is there.</summary>
    /// <param name="args">The settings of the agent.</param>
    /// <param name="output">Takes the lines.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Whether nothing has failed.</returns>
    /// <exception cref="StartException">The settings are wrong; nothing was checked.</exception>
    public static async Task<bool> RunAsync(string[] args, TextWriter output, TimeProvider time)
    {
        var errors = new List<string>();
        var options = AgentSettings.Read(args, errors);
        StartException.ThrowIfAny(errors);

        var good = true;
        await foreach (var finding in new AgentInspection(options, time).InspectAsync())
        {
            good &= finding.Level != FindingLevel.Failed;
            await output.WriteLineAsync(finding.ToString());
        }

        return good;
    }

    private async IAsyncEnumerable<Finding> InspectAsync()
    {
        yield return SettingsFindings.Of(options);
        foreach (var finding in InspectIdentity())
        {
            yield return finding;
        }

        if (options.Simulate is null && OperatingSystem.IsWindows())
        {
            yield return WmiFindings.Of(WmiLibraryChoice.Inspect(WmiNames.ToLibrary(options.Wmi)));
        }

        foreach (var finding in await InspectHostAsync())
        {
            yield return finding;
        }

        var (journal, agentRuns) = InspectJournal();
        foreach (var finding in journal)
        {
            yield return finding;
        }

        yield return InspectPort(agentRuns);
    }

    private IReadOnlyList<Finding> InspectIdentity()
    {
        var errors = new List<string>();
        using var identity = AgentSettings.TryLoadIdentity(options, time, errors);
        return identity is null
            ? [.. errors.Select(error => Finding.Failed(CertificateFindings.Part, error))]
            : [.. CertificateFindings.Of(identity, options.Host, time.GetUtcNow())];
    }

    private async Task<IReadOnlyList<Finding>> InspectHostAsync()
    {
        var findings = new List<Finding>();
        using var deadline = new CancellationTokenSource(options.HostDeadline, time);
        try
        {
            await using var connection = await HostConnector.ConnectToLookAsync(options, time, deadline.Token);
            var host = new HyperVHost(connection.Namespaces, time, options.ToRules());
            findings.Add(HostFindings.Of(await host.DescribeAsync(deadline.Token), options.Host, connection.IsSimulated));
            findings.AddRange(HostFindings.Of(await host.ListVirtualMachinesAsync(deadline.Token), host.Rules));
        }
        catch (StartException exception)
        {
            findings.AddRange(exception.Lines.Select(line => Finding.Failed(HostFindings.Part, line)));
        }
        catch (Exception exception) when (HostFailures.Of(exception, options.Host) is { } failure)
        {
            findings.Add(Finding.Failed(HostFindings.Part, failure.Message));
        }

        return findings;
    }

    private (IReadOnlyList<Finding> Findings, bool AgentRuns) InspectJournal()
    {
        var agentRuns = false;
        try
        {
            agentRuns = DataDirectoryLock.IsHeld(options.Data, JournalFiles.LockOwner);
            return (JournalFindings.Of(JournalSummary.Read(options.Data), options.Data, agentRuns), agentRuns);
        }
        catch (Exception exception) when (exception is JournalException or UnauthorizedAccessException)
        {
            return ([Finding.Failed(JournalFindings.Part, exception.Message)], agentRuns);
        }
    }

    private Finding InspectPort(bool agentRuns)
    {
        var listen = IPEndPoint.Parse(options.Listen);
        return listen.Port == 0 ? ListenFindings.OfAnyPort(listen) : ListenFindings.Of(listen, Try(listen), agentRuns);
    }

    // Bound briefly and never listened on, so no client can connect.
    private static SocketError? Try(IPEndPoint listen)
    {
        try
        {
            using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(listen);
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}
