using HostAgent.Benchmarks.Coordinator;

/// <summary>What the runtime calls in a process that was started with <c>DOTNET_STARTUP_HOOKS</c>; it looks for a type of this name outside of any namespace.</summary>
#pragma warning disable MA0047 // The name is the runtime's.
#pragma warning disable CA1050
internal static class StartupHook
#pragma warning restore CA1050
#pragma warning restore MA0047
{
    /// <summary>Puts the meter of the benchmarks into the process.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ProcessMeter.PipeVariable) is { Length: > 0 } pipe)
        {
            ProcessMeter.Serve(pipe);
        }
    }
}
