#include <pwasm/abi.h>

#include "../context_private.h"

const PwasmExport pwasm_export_abi_version_0_1_0 = {0};

/* Hosts look for the name and never call it. */
void
proxy_abi_version_0_1_0(void)
{
}
