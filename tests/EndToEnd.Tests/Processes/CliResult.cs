namespace HostAgent.EndToEnd.Tests.Processes;

/// <summary>What a run of the program left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for a failing test to show.</summary>
    public string Everything => $"exit code {ExitCode}\n{Output}\n{Error}";
}
