using System.Reflection;
using HostAgent.Agent.Service;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;
using Microsoft.AspNetCore.Authorization;

namespace HostAgent.Agent.Tests.Service;

public sealed class MethodRolesTests
{
    [Fact]
    public void Every_method_says_who_may_call_it()
        => Failback.Descriptor.Methods
            .ToDictionary(method => method.Name, method => Roles(typeof(FailbackService), method.Name))
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["CheckReadiness"] = "coordinator,operator,viewer",
                    ["ListVirtualMachines"] = "coordinator,operator,viewer",
                    ["ListRecoveryPoints"] = "coordinator,operator,viewer",
                    ["ClaimCampaign"] = "coordinator",
                    ["InitiateFailback"] = "start-failbacks",
                    ["WatchFailback"] = "coordinator,operator,viewer",
                    ["GetFailback"] = "coordinator,operator,viewer",
                    ["ListFailbacks"] = "coordinator,operator,viewer",
                    ["CancelFailback"] = "start-failbacks",
                    ["GetHost"] = "coordinator,operator,viewer",
                },
                ignoreOrder: true);

    [Fact]
    public void Every_method_of_the_single_steps_says_who_may_call_it()
        => Contracts.Failback.V1.Operations.Descriptor.Methods
            .ToDictionary(method => method.Name, method => Roles(typeof(OperationsService), method.Name))
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["StartOperation"] = "start-failbacks",
                    ["WatchOperation"] = "coordinator,operator,viewer",
                    ["GetOperation"] = "coordinator,operator,viewer",
                    ["ListOperations"] = "coordinator,operator,viewer",
                    ["CancelOperation"] = "start-failbacks",
                    ["GetMachineFacts"] = "coordinator,operator,viewer",
                    ["ListMachineFacts"] = "coordinator,operator,viewer",
                    ["GetHomeFacts"] = "coordinator,operator,viewer",
                },
                ignoreOrder: true);

    [Fact]
    public void The_methods_that_ask_the_host_much_are_limited()
        => Failback.Descriptor.Methods
            .Where(method => Method(method.Name).GetCustomAttribute<MaxConcurrentCallsAttribute>()?.PerPeer == 256)
            .Select(method => method.Name)
            .ShouldBe(["CheckReadiness", "ListRecoveryPoints"], ignoreOrder: true);

    private static string Roles(Type service, string method)
    {
        var attribute = service.GetMethod(method)!.GetCustomAttributes<AuthorizeAttribute>().ShouldHaveSingleItem();
        return attribute.Roles ?? attribute.Policy!;
    }

    private static MethodInfo Method(string name) => typeof(FailbackService).GetMethod(name)!;
}
