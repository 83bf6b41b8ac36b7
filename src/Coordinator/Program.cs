using HostAgent.Coordinator;
using HostAgent.Hosting;

return await ServerApplication.RunAsync(() => Task.FromResult(CoordinatorApplication.Create(args)));
