using System.CommandLine;
using HostAgent.Benchmarks;
using HostAgent.Benchmarks.Agent;
using HostAgent.Benchmarks.Allocations;
using HostAgent.Benchmarks.Comparison;
using HostAgent.Benchmarks.Coordinator;
using HostAgent.Benchmarks.Engine;
using HostAgent.Benchmarks.Grpc;
using HostAgent.Benchmarks.Instructions;

// Time to remove what a comparison has checked out, when it is interrupted.
var patience = TimeSpan.FromSeconds(30);
return await new RootCommand("Benchmarks. Run them in the Release configuration, on a machine that does nothing else.")
{
    GrpcCommand.Create(),
    EngineCommand.Create(),
    AgentCommand.Create(),
    CoordinatorCommand.Create(),
    ReadmeCommand.Create(),
    GateCommand.Create(),
    InstructionsCommand.Create(),
    CompareCommand.Create(),
    PeerCommand.Create("benchmark-server", BenchmarkServer.RunAsync),
    PeerCommand.Create("benchmark-client", BenchmarkClient.RunAsync),
    ScriptedAgents.CreateCommand(),
    PairedAgents.CreateCommand(),
    CountedOperations.CreateCommand(),
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = patience });
