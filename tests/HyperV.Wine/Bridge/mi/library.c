/*
 * A stand-in for Windows' mi.dll under Wine, which has none: the C interface of mi.h, as far as the product calls it, over the namespace
 * that the test program serves through SetConnectHook. Like Windows' own it is a client of IWbemServices.
 *
 * It does on purpose what Windows is documented or known to do, and what a careless caller would trip over:
 *   - codes of the transport come as Win32 numbers (1722), all others as HRESULTs, and 0x80010002 where the library itself ended a call;
 *   - rows do not flag their keys, the class has them as a qualifier; the instance in an event does;
 *   - an instance says its server's name as NULL or as an empty text;
 *   - an operation that was cancelled still has a last result, and to close it before that never returns;
 *   - a session with an open operation is not closed: without a callback the caller waits, with one it is told later;
 *   - an instance is overwritten when the next one is asked for.
 * What is alive, and what was done wrong, is counted.
 */
#include "mi.h"

ConnectHook connect_hook;

LONG alive[5];
LONG violations;

void WINAPI SetConnectHook(ConnectHook hook)
{
    connect_hook = hook;
}

LONG WINAPI CountAlive(int kind)
{
    return InterlockedCompareExchange(&alive[kind], 0, 0);
}

/* Calls that Windows would have hung in or answered with garbage. */
LONG WINAPI CountViolations(void)
{
    return InterlockedCompareExchange(&violations, 0, 0);
}

Result WINAPI never_called(void)
{
    InterlockedIncrement(&violations);
    return NOT_SUPPORTED;
}

void *allocate(SIZE_T size)
{
    void *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size ? size : 1);
    if (!memory)
        ExitProcess(3);
    return memory;
}

void release(void *memory)
{
    if (memory)
        HeapFree(GetProcessHeap(), 0, memory);
}

WCHAR *copy_text(const WCHAR *text)
{
    WCHAR *copy = text ? allocate((lstrlenW(text) + 1) * sizeof(WCHAR)) : NULL;
    return copy ? lstrcpyW(copy, text) : NULL;
}

/* --- Options and the application ---------------------------------------------------------------------------------------- */

static void WINAPI options_delete(Handle *self)
{
    memset(self, 0, sizeof(Handle));
    InterlockedDecrement(&alive[4]);
}

static Result WINAPI options_set_interval(Handle *self, const WCHAR *name, const DWORD *interval, DWORD flags)
{
    (void)flags;
    if (lstrcmpW(name, L"__MI_OPERATIONOPTIONS_TIMEOUT"))
        return INVALID_PARAMETER;
    self->word = (((interval[0] * 24ull + interval[1]) * 60 + interval[2]) * 60 + interval[3]) * 1000 + interval[4] / 1000;
    return OK;
}

static const void *const options_table[13] = {
    options_delete, never_called, never_called, never_called, never_called, never_called, never_called, never_called, never_called, never_called,
    never_called, options_set_interval, never_called,
};

static Result WINAPI application_new_session(
    Handle *self, const WCHAR *protocol, const WCHAR *destination, void *options, void *callbacks, Instance **error, Handle *handle)
{
    Session *session = allocate(sizeof(Session));
    (void)self, (void)protocol, (void)destination, (void)options, (void)callbacks, (void)error;
    InitializeCriticalSection(&session->lock);
    InitializeConditionVariable(&session->changed);
    session->users = 1;
    InterlockedIncrement(&alive[3]);
    handle->object = session;
    handle->table = session_table;
    return OK;
}

static Result WINAPI application_new_instance(Handle *self, const WCHAR *class_name, const void *declaration, Instance **instance)
{
    (void)self, (void)declaration;
    *instance = new_instance(class_name);
    return OK;
}

static Result WINAPI application_new_options(Handle *self, BYTE must_understand, Handle *options)
{
    (void)self, (void)must_understand;
    memset(options, 0, sizeof(Handle));
    options->table = options_table;
    InterlockedIncrement(&alive[4]);
    return OK;
}

static const void *const application_table[11] = {
    never_called, application_new_session, never_called, application_new_instance, never_called, application_new_options, never_called,
    never_called, never_called, never_called, never_called,
};

Result MI_Application_InitializeV1(DWORD flags, const WCHAR *id, Instance **error, Handle *application)
{
    (void)flags, (void)id, (void)error;
    application->table = application_table;
    return OK;
}
