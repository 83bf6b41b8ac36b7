using System.Diagnostics;
using System.Text.Json;

namespace HostAgent.HyperV.Wine.Harness.Running;

/// <summary>
/// Runs cases one after the other and prints a line for each. A test runner's process dies or hangs under Wine when tests fail; a
/// loop does not.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="patience">How long one case may take.</param>
internal sealed class CaseRunner(TextWriter output, TimeSpan patience)
{
    private const string SkipMark = "$XunitDynamicSkip$";

    public async Task RunAsync(CaseGroup group)
    {
        foreach (var one in group.Cases)
        {
            var line = await RunAsync(group.Name, one);
            await output.WriteLineAsync(CaseLine.Mark + JsonSerializer.Serialize(line));
            await output.FlushAsync();
        }
    }

    private async Task<CaseLine> RunAsync(string group, Case one)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            // On a thread of the pool: it is in the multi-threaded apartment, and a case that hangs does not hang the program.
            await Task.Run(one.RunAsync).WaitAsync(patience);
            return new CaseLine(group, one.Name, CaseOutcome.Passed, clock.ElapsedMilliseconds);
        }
        catch (Exception exception)
        {
            return exception.Message.StartsWith(SkipMark, StringComparison.Ordinal)
                ? new CaseLine(group, one.Name, CaseOutcome.Skipped, clock.ElapsedMilliseconds, exception.Message[SkipMark.Length..])
                : new CaseLine(group, one.Name, CaseOutcome.Failed, clock.ElapsedMilliseconds, exception.ToString());
        }
    }
}
