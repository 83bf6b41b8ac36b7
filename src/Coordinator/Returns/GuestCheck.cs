using System.Diagnostics;
using System.Globalization;
using System.Text;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Texts;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Returns;

/// <summary>A machine that was started.</summary>
/// <param name="Machine">Its GUID.</param>
/// <param name="Name">The display name of the machine, or of that of which it is a test.</param>
/// <param name="Host">The host where it runs.</param>
/// <param name="Plan">How it is checked.</param>
internal sealed record StartedGuest(Guid Machine, string Name, string Host, ReturnPlan Plan)
{
    /// <summary>The machine of which it is a test; null for the machine itself.</summary>
    public Guid? TestOf { get; init; }
}

/// <summary>
/// Checks whether a machine has come up: its heartbeat, and an application check of the site's own. The application check is a program in a directory
/// of the coordinator's settings, run without a shell: what it needs is in its environment, its exit code is the verdict.
/// </summary>
internal sealed class GuestCheck(AgentRegistry registry, AgentClient calls, TimeProvider time, IOptions<CoordinatorOptions> options)
{
    private const int GoodReads = 3;
    private const int TryAgain = 75;
    private const int LongestOutput = 2048;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // A machine that has stopped, and a host that has gone, are for the decision and not for patience.
    private static readonly TimeSpan GoneAtMost = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestApplicationCheck = TimeSpan.FromMinutes(5);

    /// <summary>Checks a machine that was started.</summary>
    /// <param name="guest">The machine.</param>
    /// <param name="show">Shows what it waits for.</param>
    /// <param name="cancellationToken">Gives up; nothing is decided.</param>
    /// <returns>Succeeded: it has come up as it should. <see cref="StepEnd.IsVerdict"/> is false when there was nothing to check.</returns>
    public async Task<StepEnd> CheckAsync(StartedGuest guest, Action<string> show, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var heartbeat = "its heartbeat is not asked for";
        if (!guest.Plan.IgnoreHeartbeat)
        {
            var goneSince = (long?)null;
            for (var good = 0; good < GoodReads; await Task.Delay(Pause, time, cancellationToken))
            {
                (var isGood, heartbeat, var isGone) = await HeartbeatAsync(guest, cancellationToken);
                good = isGood ? good + 1 : 0;
                goneSince = isGone ? goneSince ?? time.GetTimestamp() : null;
                show(heartbeat);
                if (goneSince is { } since && time.GetElapsedTime(since) >= GoneAtMost)
                {
                    return new StepEnd(Succeeded: false, $"Nothing to check: {heartbeat}.") { IsVerdict = false };
                }

                if (!isGood && time.GetElapsedTime(began) >= guest.Plan.HeartbeatTimeout)
                {
                    return new StepEnd(Succeeded: false, string.Create(CultureInfo.InvariantCulture, $"After {guest.Plan.HeartbeatTimeout.TotalSeconds:0} seconds {heartbeat}."));
                }
            }
        }

        return guest.Plan.ApplicationCheck.Length == 0
            ? new StepEnd(Succeeded: true, $"It has come up: {heartbeat}.")
            : await ApplicationAsync(guest, show, cancellationToken);
    }

    /// <summary>Why a name is not that of an application check; null when it is.</summary>
    public string? WhyNot(string name)
    {
        if (options.Value.ApplicationChecks is not { Length: > 0 } directory)
        {
            return $"is '{name}'; this coordinator has no application checks ({CoordinatorOptions.Section}:{nameof(CoordinatorOptions.ApplicationChecks)} is not set)";
        }

        var known = Directory.Exists(directory) ? Directory.EnumerateFiles(directory).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList() : [];
        return known.Contains(name, StringComparer.Ordinal) ? null : $"is '{VisibleText.Line(name)}'; it must be one of {(known.Count == 0 ? $"the files in {directory}, which has none" : string.Join(", ", known))}";
    }

    private async Task<(bool IsGood, string Text, bool IsGone)> HeartbeatAsync(StartedGuest machine, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(machine.Host, out var connection))
        {
            return (false, $"host {machine.Host} is not in the inventory", true);
        }

        try
        {
            var facts = await calls.CallAsync(
                connection,
                call => connection.Operations.GetMachineFactsAsync(new GetMachineFactsRequest { VirtualMachineId = machine.Machine.ToString("D").ToUpperInvariant() }, call).ResponseAsync,
                cancellationToken);
            return facts.Guest is not { } guest
                ? (false, $"the machine does not run on {machine.Host}", true)
                : (guest.Heartbeat, guest.Application) switch
                {
                    (2 or 3, 32782) => (false, "the guest answers, and reports that an application is critical", false),
                    (2 or 3, _) => (true, "the guest's heartbeat is good", false),
                    (12, _) => (false, "the guest has not answered yet", false),
                    (13, _) => (false, "the guest has ceased to answer", false),
                    (0, _) => (false, "the guest has no integration services, so that it has no heartbeat", false),
                    var (other, _) => (false, string.Create(CultureInfo.InvariantCulture, $"the guest's heartbeat is in state {other}"), false),
                };
        }
        catch (RpcFailure failure)
        {
            return (false, $"{machine.Host} does not answer: {failure.Message}", true);
        }
    }

    private async Task<StepEnd> ApplicationAsync(StartedGuest guest, Action<string> show, CancellationToken cancellationToken)
    {
        var (name, began) = (guest.Plan.ApplicationCheck, time.GetTimestamp());
        while (true)
        {
            show($"running the application check {name}");
            var (code, output) = await RunAsync(guest, cancellationToken);
            switch (code)
            {
                case 0:
                    return new StepEnd(Succeeded: true, $"It has come up, and the application check {name} is good{Said(output)}.");
                case TryAgain when time.GetElapsedTime(began) < LongestApplicationCheck:
                    await Task.Delay(Pause, time, cancellationToken);
                    break;
                default:
                    return new StepEnd(Succeeded: false, code is { } number
                        ? string.Create(CultureInfo.InvariantCulture, $"The application check {name} ended with code {number}{Said(output)}.")
                        : $"The application check {name} has not ended within {LongestApplicationCheck.TotalMinutes:0} minutes, or could not be run{Said(output)}.");
            }
        }
    }

    private async Task<(int? Code, string Output)> RunAsync(StartedGuest guest, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.Combine(options.Value.ApplicationChecks!, guest.Plan.ApplicationCheck))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "";
        start.Environment["FAILBACK_VM_ID"] = guest.Machine.ToString("D");
        start.Environment["FAILBACK_VM_NAME"] = guest.Name;
        start.Environment["FAILBACK_HOST"] = guest.Host;
        if (guest.TestOf is { } tested)
        {
            start.Environment["FAILBACK_TEST_OF"] = tested.ToString("D");
        }

        using var deadline = new CancellationTokenSource(LongestApplicationCheck, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' was not started.");
            process.StandardInput.Close();
            try
            {
                var output = Task.WhenAll(TailAsync(process.StandardOutput, either.Token), TailAsync(process.StandardError, either.Token));
                await process.WaitForExitAsync(either.Token);
                return (process.ExitCode, VisibleText.Line(string.Join(" ", await output).Trim()));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return (null, "");
            }
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            return (null, exception.Message);
        }
    }

    // The last part of what a program says, whatever it says.
    private static async Task<string> TailAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var (tail, buffer) = (new StringBuilder(), new char[1024]);
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            tail.Append(buffer, 0, read);
            tail.Remove(0, Math.Max(0, tail.Length - LongestOutput));
        }

        return tail.ToString();
    }

    private static string Said(string output) => output.Length == 0 ? "" : $": {output}";
}
