using HostAgent.Coordinator;
using HostAgent.Hosting;

return await ServerApplication.RunAsync(() => CoordinatorApplication.Create(args));
