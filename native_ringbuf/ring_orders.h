/*
 * The memory orders of ring.c, by name. The tests weaken them one at a time to prove that ThreadSanitizer and Relacy would see a
 * mistake here.
 */
#ifndef NRB_RING_ORDERS_H
#define NRB_RING_ORDERS_H

#ifndef NRB_HEAD_STORE
#define NRB_HEAD_STORE memory_order_release /* read-after-write */
#endif
#ifndef NRB_HEAD_LOAD
#define NRB_HEAD_LOAD memory_order_acquire
#endif
#ifndef NRB_TAIL_STORE
#define NRB_TAIL_STORE memory_order_release /* write-after-read */
#endif
#ifndef NRB_TAIL_LOAD
#define NRB_TAIL_LOAD memory_order_acquire
#endif
#ifndef NRB_GAP_HEAD_STORE
#define NRB_GAP_HEAD_STORE memory_order_release /* the same of the list of gaps */
#endif
#ifndef NRB_GAP_HEAD_LOAD
#define NRB_GAP_HEAD_LOAD memory_order_acquire
#endif
#ifndef NRB_GAP_TAIL_STORE
#define NRB_GAP_TAIL_STORE memory_order_release
#endif
#ifndef NRB_GAP_TAIL_LOAD
#define NRB_GAP_TAIL_LOAD memory_order_acquire
#endif

#endif
