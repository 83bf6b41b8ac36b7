using System.Runtime.InteropServices;

namespace HostAgent.Documents.Internal;

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Position(int Line, int Column);
