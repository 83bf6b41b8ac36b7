using HostAgent.HyperV.Wine.Harness;
using HostAgent.HyperV.Wine.Harness.Cases;
using HostAgent.HyperV.Wine.Harness.Running;

if (args is not [var name] || CaseGroups.All.FirstOrDefault(group => group.Name == name) is not { } group)
{
    Console.Error.WriteLine($"Expected one argument: {string.Join(", ", CaseGroups.All.Select(one => one.Name))}.");
    return 2;
}

Adapter.Library = group.Library;
await new CaseRunner(Console.Out, patience: TimeSpan.FromMinutes(2)).RunAsync(group);
Console.WriteLine(CaseLine.LastLine);
return 0;
